import { effectiveInput, taskOutput, withResult } from "./data.ts";
import type { TaskState } from "./definition.ts";
import {
  contextOf,
  type Draft,
  fail,
  hasRoom,
  type Next,
  positionOf,
  record,
  resourceOf,
  succeed,
  taskOf,
} from "./draft.ts";
import { type Failure, matches, requireSize, runtimeError, StateError } from "./failure.ts";
import { events } from "./history.ts";
import { read } from "./paths.ts";
import { retry } from "./retry.ts";
import { fill } from "./template.ts";

const regionOf = (functionArn: string): string => functionArn.split(":")[3] ?? "";

const timeoutOf = (task: TaskState, input: unknown, context: unknown): number | undefined => {
  if (task.TimeoutSecondsPath === undefined) return task.TimeoutSeconds;
  // Read from the effective input, before Parameters.
  const seconds = read(task.TimeoutSecondsPath, input, context, "TimeoutSecondsPath");
  if (typeof seconds === "number" && Number.isInteger(seconds)) {
    if (seconds >= 1 && seconds <= 99_999_999) return seconds;
  }
  throw runtimeError(
    `The TimeoutSecondsPath parameter cannot be parsed as a positive integer: '${task.TimeoutSecondsPath}' == ${JSON.stringify(seconds)}`,
  );
};

const parametersOf = (
  task: TaskState,
  input: unknown,
  context: unknown,
): { FunctionName: string; Payload: unknown } => {
  const parameters = fill(task.Parameters, input, context) as Record<string, unknown>;
  const { FunctionName: functionName, Payload: payload = {} } = parameters;
  if (typeof functionName !== "string") {
    throw runtimeError("The parameters have no FunctionName that is a string.");
  }
  return { FunctionName: functionName, Payload: payload };
};

/** Evaluates the parameters of the task that the execution is in, and asks for its function to be called. */
export const scheduleTask = (draft: Draft): Next => {
  const task = taskOf(draft);
  const position = positionOf(draft);
  const { execution, surroundings } = draft;
  if (!hasRoom(draft)) return fail(draft, tooLong);
  try {
    const id = execution.events + 1;
    const token = task.Resource.endsWith(".waitForTaskToken")
      ? surroundings.token(execution.arn, id)
      : undefined;
    const context = contextOf(draft, token);
    const input = effectiveInput(task, position.input, context);
    const seconds = timeoutOf(task, input, context);
    const parameters = parametersOf(task, input, context);
    requireSize(position.state, parameters);
    const functionArn = parameters.FunctionName;
    record(
      draft,
      events.taskScheduled(resourceOf(task), regionOf(functionArn), parameters, seconds),
    );
    record(draft, events.taskStarted(resourceOf(task)));
    position.activity = {
      kind: "task",
      id,
      submitted: false,
      ...(token === undefined ? {} : { token }),
      ...(seconds === undefined ? {} : { due: surroundings.now + seconds * 1000 }),
    };
    draft.invocation = { task: id, functionArn, payload: parameters.Payload };
    return undefined;
  } catch (error) {
    return failState(draft, error);
  }
};

/** Why an execution ends whose history is full. */
export const tooLong: Failure = {
  error: "States.Runtime",
  cause: "The execution reached the maximum number of history events (25000).",
};

/** Leaves the task with its result. */
export const finishTask = (draft: Draft, result: unknown): Next => {
  const task = taskOf(draft);
  const { state, input } = positionOf(draft);
  try {
    requireSize(state, result);
    record(draft, events.taskSucceeded(resourceOf(task), result));
    const output = taskOutput(task, input, result, contextOf(draft));
    requireSize(state, output);
    return leave(draft, "Task", output, task.Next);
  } catch (error) {
    return failState(draft, error);
  }
};

/** Leaves the current state for the next one, or ends the execution. */
export const leave = (
  draft: Draft,
  kind: string,
  output: unknown,
  next: string | undefined,
): Next => {
  record(draft, events.stateExited(kind, positionOf(draft).state, output));
  return next === undefined ? succeed(draft, output) : { state: next, input: output };
};

const failureOf = (error: unknown): Failure => {
  if (error instanceof StateError) return error.failure;
  throw error;
};

/** Retries the current task, goes on where a catcher says, or ends the execution. */
export const failTask = (draft: Draft, failure: Failure): Next => {
  const task = taskOf(draft);
  const position = positionOf(draft);
  const { now, random } = draft.surroundings;
  const retried = retry(task.Retry ?? [], position.attempts, failure.error, random());
  if (retried) {
    const { retrier, delay } = retried;
    position.attempts[retrier] = (position.attempts[retrier] ?? 0) + 1;
    position.activity = { kind: "retry", due: now + delay };
    return undefined;
  }
  const catcher = task.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, failure.error));
  if (!catcher) return fail(draft, failure);
  try {
    const error = { Error: failure.error, ...(failure.cause ? { Cause: failure.cause } : {}) };
    const output = withResult(catcher.ResultPath, position.input, error);
    requireSize(position.state, output);
    return leave(draft, "Task", output, catcher.Next);
  } catch (unwritable) {
    return fail(draft, failureOf(unwritable));
  }
};

/** What is wrong with a state's data: for a task as any other failure, elsewhere the end of the execution. */
export const failState = (draft: Draft, error: unknown): Next => {
  const failure = failureOf(error);
  const { state } = positionOf(draft);
  const isTask = draft.execution.definition.States[state]?.Type === "Task";
  return isTask ? failTask(draft, failure) : fail(draft, failure);
};
