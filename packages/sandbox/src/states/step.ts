import { abort, type Draft, type Next, positionOf, record, resourceOf, taskOf } from "./draft.ts";
import {
  type Activity,
  dueOf,
  type Execution,
  type Invocation,
  type Signal,
  type Surroundings,
} from "./execution.ts";
import { events, type HistoryEvent } from "./history.ts";
import { finishWait, proceed } from "./states.ts";
import { failTask, finishTask, scheduleTask } from "./task.ts";

/** What a step came to. All of it is to be kept before the function is called. */
export interface Step {
  execution: Execution;
  /** New events, to be appended. */
  history: HistoryEvent[];
  invocation: Invocation | undefined;
}

type Task = Extract<Activity, { kind: "task" }>;

/** The cause that Step Functions gives when Lambda does not say what went wrong. */
const unknownCause =
  "The cause could not be determined because Lambda did not return an error type. Returned payload: null";

const start = (draft: Draft): Next => {
  const { execution } = draft;
  record(draft, events.executionStarted(execution.input, execution.roleArn));
  return { state: execution.definition.StartAt, input: JSON.parse(execution.input) };
};

const failed = (draft: Draft, error: string, cause?: string): Next => {
  record(draft, events.taskFailed(resourceOf(taskOf(draft)), error, cause));
  return failTask(draft, { error, cause });
};

const timedOut = (draft: Draft): Next => {
  record(draft, events.taskTimedOut(resourceOf(taskOf(draft))));
  return failTask(draft, { error: "States.Timeout" });
};

/** The function of a wait has answered: from here on only the token counts. */
const submitted = (draft: Draft, task: Task, result: unknown): Next => {
  record(draft, events.taskSubmitted(resourceOf(taskOf(draft)), result));
  task.submitted = true;
  return undefined;
};

const timePassed = (draft: Draft): Next => {
  const due = dueOf(draft.execution);
  if (due === undefined || draft.surroundings.now < due) return undefined;
  const { activity } = positionOf(draft);
  switch (activity.kind) {
    case "task":
      return timedOut(draft);
    case "wait":
      return finishWait(draft);
    case "retry":
      return scheduleTask(draft);
    default:
      return activity satisfies never;
  }
};

/** What a signal leads to. One that is for another task than the current comes too late and changes nothing. */
const take = (draft: Draft, signal: Signal): Next => {
  if (signal.type === "started") return start(draft);
  const { activity } = positionOf(draft);
  const task = activity.kind === "task" ? activity : undefined;
  switch (signal.type) {
    case "answered":
      if (task?.id !== signal.task || task.submitted) return undefined;
      return task.token === undefined
        ? finishTask(draft, signal.result)
        : submitted(draft, task, signal.result);
    case "failed":
      if (task?.id !== signal.task || task.submitted) return undefined;
      return failed(draft, signal.error, signal.cause);
    case "token succeeded":
      return task?.token === signal.token ? finishTask(draft, signal.output) : undefined;
    case "token failed":
      if (task?.token !== signal.token) return undefined;
      return failed(draft, signal.error ?? "States.TaskFailed", signal.cause);
    case "restarted":
      if (task === undefined || task.submitted) return undefined;
      return failed(draft, "Lambda.Unknown", unknownCause);
    case "stopped":
      return abort(draft, { error: signal.error, cause: signal.cause });
    case "time":
      return timePassed(draft);
    default:
      return signal satisfies never;
  }
};

/**
 * Takes an execution one step further: pure, so that it can be run again from what is on disk.
 *
 * @param execution is not changed; one that has ended stays as it is
 */
export const step = (execution: Execution, signal: Signal, surroundings: Surroundings): Step => {
  // A definition never changes, and copying it would cost more than the rest of a step.
  const { definition, ...changing } = execution;
  const draft: Draft = {
    execution: { ...structuredClone(changing), definition },
    history: [],
    invocation: undefined,
    surroundings,
  };
  if (execution.status === "RUNNING") proceed(draft, take(draft, signal));
  return { execution: draft.execution, history: draft.history, invocation: draft.invocation };
};
