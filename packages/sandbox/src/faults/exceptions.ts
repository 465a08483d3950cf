import { AwsError } from "../aws/service.ts";

/** What each service calls the two errors that any of them may answer, on the wire. From the SDK's models; `InternalFailure` is common to all. */
const namesOf: Readonly<Record<string, { throttled: string; internal: string }>> = {
  dynamodb: { throttled: "ThrottlingException", internal: "InternalServerError" },
  events: { throttled: "ThrottlingException", internal: "InternalException" },
  identitystore: { throttled: "ThrottlingException", internal: "InternalServerException" },
  lambda: { throttled: "TooManyRequestsException", internal: "ServiceException" },
  organizations: { throttled: "TooManyRequestsException", internal: "ServiceException" },
  scheduler: { throttled: "ThrottlingException", internal: "InternalServerException" },
  sns: { throttled: "Throttled", internal: "InternalError" },
  sqs: { throttled: "RequestThrottled", internal: "InternalFailure" },
  sso: { throttled: "ThrottlingException", internal: "InternalServerException" },
  states: { throttled: "ThrottlingException", internal: "InternalFailure" },
  sts: { throttled: "Throttling", internal: "InternalFailure" },
};

/** Services whose exceptions have statuses of their own; the JSON protocols answer 400 to whatever is the caller's fault. */
const telling = new Set(["lambda", "scheduler", "sns"]);

const statusOf = (service: string, code: string): number => {
  if (/Unavailable/.test(code)) return 503;
  if (/^Internal|^ServiceException$/.test(code)) return 500;
  if (!telling.has(service)) return service === "sts" && /^Access/.test(code) ? 403 : 400;
  if (/Throttl|TooManyRequests/.test(code)) return 429;
  if (/NotFound/.test(code)) return 404;
  if (/Quota/.test(code)) return 402;
  if (/Conflict/.test(code)) return 409;
  if (/^Access|^Authorization/.test(code)) return 403;
  return 400;
};

/**
 * The exception as the service would answer it.
 *
 * @param error an exception's name, or `throttled` or `internal` for what the service calls them
 */
export const exceptionOf = (service: string, error: string): AwsError => {
  const names = namesOf[service];
  let code = error;
  if (error === "throttled") code = names?.throttled ?? "ThrottlingException";
  if (error === "internal") code = names?.internal ?? "InternalFailure";
  return new AwsError(code, "Injected by /sandbox/faults.", statusOf(service, code));
};
