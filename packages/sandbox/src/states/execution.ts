import type { Definition } from "./definition.ts";

/** What a running execution waits for. Times are milliseconds since the epoch. */
export type Activity =
  | {
      kind: "task";
      /** The id of its TaskScheduled event: answers of earlier attempts carry another. */
      id: number;
      /** For a wait: what completes it. */
      token?: string;
      /** The function has answered, and only the token is waited for. */
      submitted: boolean;
      due?: number;
    }
  | { kind: "wait"; due: number }
  | { kind: "retry"; due: number };

/** Where an execution is. */
export interface Position {
  state: string;
  /** Milliseconds since the epoch. */
  enteredAt: number;
  /** The state's input before `InputPath`. */
  input: unknown;
  /** How often each of the state's retriers has retried. */
  attempts: number[];
  activity: Activity;
}

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** One execution, as it is kept. It keeps the definition it was started with, as Step Functions does. */
export interface Execution {
  arn: string;
  name: string;
  machineArn: string;
  roleArn: string;
  definition: Definition;
  /** As it was given: JSON. */
  input: string;
  status: ExecutionStatus;
  startedAt: number;
  stoppedAt?: number;
  /** JSON. */
  output?: string;
  error?: string | undefined;
  cause?: string | undefined;
  /** Absent once it has ended. */
  position?: Position;
  /** The number of events in its history. */
  events: number;
}

/** What happens to an execution from outside. Those that come too late change nothing. */
export type Signal =
  | { type: "started" }
  | { type: "answered"; task: number; result: unknown }
  | { type: "failed"; task: number; error: string; cause: string }
  | { type: "token succeeded"; token: string; output: unknown }
  | { type: "token failed"; token: string; error?: string | undefined; cause?: string | undefined }
  /** Time has passed: a timeout, a wait or a retry may be due. */
  | { type: "time" }
  /** The process was started again: a function that was running will not answer. */
  | { type: "restarted" }
  | { type: "stopped"; error?: string | undefined; cause?: string | undefined };

/** A function to be called, once the step that asks for it is on disk. */
export interface Invocation {
  task: number;
  functionArn: string;
  payload: unknown;
}

/** What a step depends on besides the execution and the signal. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  now: number;
  /** From 0 to 1. */
  random: () => number;
  /** Makes the token of a task. */
  token: (executionArn: string, task: number) => string;
}

/** When the execution wants a signal of type `time`, in milliseconds since the epoch. */
export const dueOf = (execution: Execution): number | undefined => execution.position?.activity.due;

/** Whether a token would still be taken. */
export const awaits = (execution: Execution, token: string): boolean => {
  const activity = execution.position?.activity;
  return activity?.kind === "task" && activity.token === token;
};
