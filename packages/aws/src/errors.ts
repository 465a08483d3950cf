import { type ChangeFailure, isWorkflowError, WorkflowError, workflowErrors } from "@curfew/core";

/** Errors by which a service says that the same call may well succeed later. */
const passing = new Set([
  "ConflictException",
  "InternalServerException",
  "InternalServiceException",
  "LimitExceededException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestTimeout",
  "ServiceUnavailableException",
  "SlowDown",
  "Throttling",
  "ThrottlingException",
  "TimeoutError",
  "TooManyRequestsException",
]);

/** Whether `error` is that exception of an AWS service. */
export const isException = (error: unknown, ...names: string[]): error is Error =>
  error instanceof Error && names.includes(error.name);

/**
 * Runs a call and turns trouble that passes (throttled, conflicting, failing, unreachable, unanswered) into a WorkflowError
 * `ServiceUnavailable`. The call may have taken effect all the same. Every other error is passed on.
 */
export const calling = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (!isPassing(error)) throw error;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new WorkflowError(workflowErrors.serviceUnavailable, `${what} failed: ${reason}`, {
      cause: error,
    });
  }
};

const isPassing = (error: unknown): boolean => {
  if (error instanceof WorkflowError || !(error instanceof Error)) return false;
  if (passing.has(error.name)) return true;
  const status = httpStatus(error);
  // The SDK's own errors carry a status as soon as the service has answered; without one the network failed.
  return status === undefined ? isNetworkTrouble(error) : status >= 500 || status === 429;
};

const httpStatus = (error: Error): number | undefined => {
  if (!("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata))
    return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
};

/** Statuses by which a gateway gives up on the service behind it. */
const gatewayGaveUp: ReadonlySet<number> = new Set([502, 504]);

/**
 * How a changing call failed that went through {@link calling} or not: refused without effect
 * (throttled, not allowed, not found), answered with an error, or not answered at all.
 */
export const changeFailureOf = (error: unknown): ChangeFailure => {
  const failure = error instanceof WorkflowError ? error.cause : error;
  const status = failure instanceof Error ? httpStatus(failure) : undefined;
  if (status === undefined || gatewayGaveUp.has(status)) return "unanswered";
  return status >= 400 && status < 500 ? "refused" : "answered";
};

/** Whether the service refused the call, so that it had no effect. */
export const wasRefused = (error: unknown): boolean => changeFailureOf(error) === "refused";

/**
 * Whether a call that went through {@link calling} was refused only for the moment: throttled, or in conflict with what is under way. It had no effect, so it
 * can be made again at any time.
 */
export const isRefusedForNow = (error: unknown): boolean =>
  isWorkflowError(error, workflowErrors.serviceUnavailable) && wasRefused(error);

const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

const isNetworkTrouble = (error: Error): boolean =>
  "code" in error && typeof error.code === "string" && networkCodes.has(error.code);

/**
 * Whether a call that went through {@link calling} was refused because of a conflict.
 *
 * @param reason the only reason that counts, where the exception has one
 */
export const isConflict = (error: unknown, reason?: string): boolean =>
  isWorkflowError(error, workflowErrors.serviceUnavailable) &&
  isException(error.cause, "ConflictException") &&
  (reason === undefined || ("Reason" in error.cause ? error.cause.Reason : reason) === reason);
