import type { ErrorCode } from "../errors/codes.ts";

/** Why something is not allowed. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  path?: string;
}

/** What is decided about a right; the operation that asked enforces it. */
export type Decision = { allowed: true } | { allowed: false; refusal: Refusal };

/** Nothing speaks against it. */
export const allowed: Decision = { allowed: true };

/** Something does. `path` is where in the input it stands. */
export const refused = (
  code: ErrorCode,
  message: string,
  path?: string,
): { allowed: false; refusal: Refusal } => ({
  allowed: false,
  refusal: { code, message, ...(path === undefined ? {} : { path }) },
});
