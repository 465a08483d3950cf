/** How long to wait for a connection and for an answer, in milliseconds: well within any invocation. */
const requestHandler = {
  connectionTimeout: 2_000,
  requestTimeout: 10_000,
  throwOnRequestTimeout: true,
};

/** Configuration of clients whose calls may be repeated freely. */
export const repeatable = { maxAttempts: 3, requestHandler };

/**
 * Configuration of clients that change access: one HTTP attempt per call. A repeated call could take effect after the invocation, and so its
 * lock, has ended.
 */
export const once = { maxAttempts: 1, requestHandler };
