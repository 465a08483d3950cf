/**
 * What ends a state badly, as Step Functions names it. A value, not an exception: `Retry` and `Catch` decide
 * what it means.
 */
export interface Failure {
  error: string;
  cause?: string | undefined;
}

/** Thrown inside one step for what is wrong with data or paths, and turned into a {@link Failure} at once. */
export class StateError extends Error {
  override readonly name = "StateError";
  readonly failure: Failure;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.failure = { error, cause };
  }
}

/** A path that leads nowhere, a timeout out of range: Step Functions ends the execution with it. */
export const runtimeError = (cause: string): StateError => new StateError("States.Runtime", cause);

/** The most that a state's input, result or output may take as JSON in UTF-8, in bytes. */
export const largestPayload = 256 * 1024;

/** @throws StateError `States.DataLimitExceeded` */
export const requireSize = (state: string, data: unknown): void => {
  if (Buffer.byteLength(JSON.stringify(data)) <= largestPayload) return;
  throw new StateError(
    "States.DataLimitExceeded",
    `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
};

/** The errors that end an execution whatever `Retry` and `Catch` say, `States.ALL` included. */
const terminal: readonly string[] = ["States.Runtime", "States.DataLimitExceeded"];

/** Whether a retrier or catcher that lists `names` takes the error. */
export const matches = (names: readonly string[], error: string): boolean => {
  if (terminal.includes(error)) return false;
  if (names.includes(error) || names.includes("States.ALL")) return true;
  // A timeout is a failed task, too, but has to be named.
  return names.includes("States.TaskFailed") && error !== "States.Timeout";
};
