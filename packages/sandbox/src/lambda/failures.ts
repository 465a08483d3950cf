import type { Ended } from "./execution.ts";
import type { InvocationResult } from "./runtime.ts";

type Failure = Extract<InvocationResult, { functionError: "Unhandled" }>;

/** The most that a function may answer, in bytes. */
const largestAnswer = 6_291_556;

const failure = (errorType: string, errorMessage: string, trace?: string[]): Failure => ({
  payload: trace === undefined ? { errorType, errorMessage } : { errorType, errorMessage, trace },
  functionError: "Unhandled",
});

/** What AWS answers for a function that ran into its timeout (`seconds`). */
export const timeout = (requestId: string, seconds: number): Failure =>
  failure(
    "Sandbox.Timedout",
    `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  );

const reasonOf = (status: number, killed: boolean): string => {
  if (killed) return "Runtime exited with error: signal: killed";
  if (status === 0) return "Runtime exited without providing a reason";
  return `Runtime exited with error: exit status ${status}`;
};

/** What whoever invoked the function gets to see of how it ended. */
export const resultOf = (ended: Ended, requestId: string): InvocationResult => {
  switch (ended.kind) {
    case "answer": {
      const size = Buffer.byteLength(ended.payload);
      if (size <= largestAnswer) return { payload: JSON.parse(ended.payload) };
      return failure(
        "Function.ResponseSizeTooLarge",
        `Response payload size (${size} bytes) exceeded maximum allowed payload size (${largestAnswer} bytes).`,
      );
    }
    case "error":
      return failure(ended.error.errorType, ended.error.errorMessage, ended.error.trace);
    case "exited": {
      const reason = reasonOf(ended.status, ended.killed);
      return failure("Runtime.ExitError", `RequestId: ${requestId} Error: ${reason}`);
    }
    default:
      return ended satisfies never;
  }
};

/** A failure as a line of a log. */
export const textOf = ({ payload }: Failure): string =>
  `${payload.errorType}: ${payload.errorMessage}`;
