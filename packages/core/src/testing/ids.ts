import { RequestId } from "../ids.ts";
import type { Ids } from "../ports/index.ts";

/** The n-th request id of a test. */
export const requestId = (n: number): RequestId =>
  RequestId.parse(`req_${String(n).padStart(26, "0")}`);

/** Ids that count from 1. */
export const sequentialIds = (): Ids => {
  let requests = 0;
  let attempts = 0;
  return {
    request: () => requestId(++requests),
    attempt: () => `attempt-${++attempts}`,
  };
};
