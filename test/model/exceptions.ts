/** An exception as an SDK client throws it for an answer of the service. */
export const exception = (name: string, message: string, httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

/** An error as an SDK client throws it that gave up waiting for an answer. */
export const timeout = (): Error =>
  Object.assign(new Error("No answer in time."), { name: "TimeoutError", $metadata: {} });

export const notFound = (what: string): Error =>
  exception("ResourceNotFoundException", `${what} does not exist.`);
