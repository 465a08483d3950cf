import type { TaskState } from "./definition.ts";
import type {
  Execution,
  ExecutionStatus,
  Invocation,
  Position,
  Surroundings,
} from "./execution.ts";
import { events, type HistoryEvent, longestHistory, type NewEvent } from "./history.ts";

/** A step in the making: a copy of the execution to work on, and what the step has come to so far. */
export interface Draft {
  execution: Execution;
  history: HistoryEvent[];
  invocation: Invocation | undefined;
  surroundings: Surroundings;
}

/** Why an execution ends: a `Fail` state or whoever stops it need not say. */
type Ending = { error?: string | undefined; cause?: string | undefined };

/** A state to be entered next; undefined when the execution waits or has ended. */
export type Next = { state: string; input: unknown } | undefined;

/** Appends an event to the history. @returns its id */
export const record = (draft: Draft, event: NewEvent): number => {
  const { execution, history, surroundings } = draft;
  const id = execution.events + 1;
  // The first two events have no predecessor, as in the service's own histories.
  const previousEventId = id <= 2 ? 0 : id - 1;
  history.push({ id, previousEventId, timestamp: surroundings.now, ...event });
  execution.events = id;
  return id;
};

/** Whether the history has room for what one more state writes, and for the execution's own end. */
export const hasRoom = (draft: Draft): boolean => draft.execution.events < longestHistory - 4;

const end = (draft: Draft, status: ExecutionStatus): undefined => {
  draft.execution.status = status;
  draft.execution.stoppedAt = draft.surroundings.now;
  delete draft.execution.position;
};

export const succeed = (draft: Draft, output: unknown): undefined => {
  record(draft, events.executionSucceeded(output));
  draft.execution.output = JSON.stringify(output);
  end(draft, "SUCCEEDED");
};

export const fail = (draft: Draft, failure: Ending): undefined => {
  record(draft, events.executionFailed(failure.error, failure.cause));
  draft.execution.error = failure.error;
  draft.execution.cause = failure.cause;
  end(draft, "FAILED");
};

export const abort = (draft: Draft, failure: Ending): undefined => {
  record(draft, events.executionAborted(failure.error, failure.cause));
  draft.execution.error = failure.error;
  draft.execution.cause = failure.cause;
  end(draft, "ABORTED");
};

/** Where the execution is. Only to be called while it runs. */
export const positionOf = (draft: Draft): Position => {
  if (!draft.execution.position) throw new Error(`${draft.execution.arn} has ended`);
  return draft.execution.position;
};

/** The task state that the execution is in. */
export const taskOf = (draft: Draft): TaskState => {
  const { state } = positionOf(draft);
  const definition = draft.execution.definition.States[state];
  if (definition?.Type !== "Task") throw new Error(`${state} is no task`);
  return definition;
};

/** `invoke` or `invoke.waitForTaskToken`, as events name it. */
export const resourceOf = (task: TaskState): string =>
  task.Resource.slice(task.Resource.lastIndexOf(":") + 1);

/** The context object that `$$` leads into. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export const contextOf = (draft: Draft, token?: string): Record<string, unknown> => {
  const { execution } = draft;
  const position = positionOf(draft);
  return {
    Execution: {
      Id: execution.arn,
      Input: JSON.parse(execution.input),
      Name: execution.name,
      RoleArn: execution.roleArn,
      StartTime: new Date(execution.startedAt).toISOString(),
      RedriveCount: 0,
    },
    State: {
      EnteredTime: new Date(position.enteredAt).toISOString(),
      Name: position.state,
      RetryCount: position.attempts.reduce((sum, count) => sum + count, 0),
    },
    StateMachine: { Id: execution.machineArn, Name: execution.machineArn.split(":").at(-1) },
    ...(token === undefined ? {} : { Task: { Token: token } }),
  };
};
