import type { ErrorCode } from "./codes.ts";

/** One thing that is wrong with an input: where (`fields.ticket`), and which rule it breaks. */
export interface InputProblem {
  path: string;
  message: string;
}

/** An error that may be shown to the caller: its code is for programs, its message for people. */
export class CurfewError extends Error {
  override readonly name = "CurfewError";
  readonly code: ErrorCode;
  readonly problems: readonly InputProblem[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { problems?: readonly InputProblem[]; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }
}
