/** How long to wait for a connection and for an answer, in milliseconds: well within any invocation. */
const requestHandler = {
  connectionTimeout: 2_000,
  requestTimeout: 10_000,
  throwOnRequestTimeout: true,
};

/** Configuration of clients whose calls may be repeated freely. */
export const repeatable = { maxAttempts: 3, requestHandler };

/** Configuration of clients whose answers are good to have and not worth waiting for: one attempt, of two seconds at most. */
export const hasty = {
  maxAttempts: 1,
  requestHandler: { ...requestHandler, connectionTimeout: 1_000, requestTimeout: 2_000 },
};

/**
 * Configuration of clients that change access: one HTTP attempt per call. A repeated call could take effect after the invocation, and so its
 * lock, has ended.
 */
export const once = { maxAttempts: 1, requestHandler };
