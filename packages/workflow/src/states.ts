import { exactWait } from "@curfew/core";
import type { Catcher, NoRetrier, PayloadTemplate, Retrier, TaskState } from "./asl.ts";

/** The states' names, in the order in which a request passes them. Messages and documentation show them to people. */
export const stateNames = {
  route: "Route",
  waitForApproval: "Wait for approval",
  decided: "Decided?",
  pauseBeforeApproval: "Pause before approval",
  armRevocation: "Arm revocation",
  waitForStart: "Wait for start",
  escalate: "Escalate",
  waitForExpiry: "Wait for expiry",
  waitOutTheMinute: exactWait,
  pauseBeforeDeescalation: "Pause before deescalation",
  deescalate: "Deescalate",
  due: "Due?",
  done: "Done",
} as const;

/** What every task is called with: the schema is `TaskInput`. */
const payload: PayloadTemplate = {
  "input.$": "$",
  "execution.$": "$$.Execution.Name",
  "enteredAt.$": "$$.State.EnteredTime",
};

/** What a wait's function is called with: the schema is `TokenTaskInput`. */
const tokenPayload: PayloadTemplate = {
  ...payload,
  "state.$": "$$.State.Name",
  "token.$": "$$.Task.Token",
};

/** The ARN of a function, or of the one of the request's strategy: the strategy's name follows the prefix and a hyphen. */
export type Called = { functionArn: string } | { arnPrefix: string };

/** What `Parameters` say about the function. */
const functionName = (called: Called) =>
  "functionArn" in called
    ? { FunctionName: called.functionArn }
    : { "FunctionName.$": `States.Format('${called.arnPrefix}-{}', $.strategy)` };

/** `result: null` keeps the state's input as it is. */
type Result = { selector: PayloadTemplate; path: string } | null;

interface Task {
  comment: string;
  result: Result;
  catch?: readonly Catcher[];
  next: string;
}

const selected = (result: Result): Pick<TaskState, "ResultSelector" | "ResultPath"> =>
  result === null
    ? { ResultPath: null }
    : { ResultSelector: result.selector, ResultPath: result.path };

/**
 * A state that runs a function and takes its answer. `timeoutSeconds` is longer than the function's own
 * timeout, so that a function that is still running is not started again beside itself.
 */
export const invokeState = (
  task: Task & Called & { timeoutSeconds: number; retry: readonly (Retrier | NoRetrier)[] },
): TaskState => ({
  Type: "Task",
  Comment: task.comment,
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { ...functionName(task), Payload: payload },
  TimeoutSeconds: task.timeoutSeconds,
  ...selected(task.result),
  Retry: task.retry,
  ...(task.catch ? { Catch: task.catch } : {}),
  Next: task.next,
});

/**
 * A state that hands its task token to a function and waits for the token's completion. It is never
 * retried: a retry would begin the whole timeout again.
 */
export const tokenState = (
  task: Task & { functionArn: string; timeoutSecondsPath: string; catch: readonly Catcher[] },
): TaskState => ({
  Type: "Task",
  Comment: task.comment,
  Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Parameters: { FunctionName: task.functionArn, Payload: tokenPayload },
  TimeoutSecondsPath: task.timeoutSecondsPath,
  ...selected(task.result),
  Catch: task.catch,
  Next: task.next,
});
