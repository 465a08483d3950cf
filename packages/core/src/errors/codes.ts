/** What kind of trouble an error is; the API maps it to a status. */
export type ErrorKind =
  | "malformed"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "too-large"
  | "rule"
  | "too-many"
  | "unavailable"
  | "internal";

/** Every error code that leaves Curfew, with its kind and a title for people. Published in the docs; codes are never reused. */
export const errorCodes = {
  "body.malformed": { kind: "malformed", title: "The body is not valid JSON of the expected form" },
  "body.too-large": { kind: "too-large", title: "The body is too large" },
  "parameter.invalid": { kind: "malformed", title: "A parameter of the call is not valid" },
  "caller.unknown": { kind: "forbidden", title: "The caller is not in the directory" },
  "route.not-found": { kind: "not-found", title: "There is no such resource" },
  "flow.not-found": { kind: "not-found", title: "There is no such flow" },
  "flow.not-allowed": { kind: "forbidden", title: "The caller may not ask for this flow" },
  "flow.target-not-found": { kind: "not-found", title: "The flow has no such target" },
  "flow.duration-not-allowed": { kind: "rule", title: "The flow does not allow this duration" },
  "flow.reason-required": { kind: "rule", title: "The flow requires a reason" },
  "field.invalid": { kind: "malformed", title: "A field is not valid" },
  "request.not-found": { kind: "not-found", title: "There is no such request" },
  "request.wrong-state": { kind: "conflict", title: "The request's status does not allow this" },
  "request.start-not-allowed": { kind: "rule", title: "The request may not start then" },
  "request.not-allowed": { kind: "forbidden", title: "The caller may not do this to the request" },
  "approval.self": { kind: "forbidden", title: "Nobody decides on a request of their own" },
  "approval.not-allowed": { kind: "forbidden", title: "The caller is no approver of the flow" },
  "extension.not-later": { kind: "rule", title: "The access lasts that long already" },
  "extension.too-long": { kind: "rule", title: "The access would last too long in all" },
  "extension.too-many": { kind: "rule", title: "The request was extended too often" },
  "intake.closed": { kind: "unavailable", title: "No requests are taken at present" },
  "idempotency.mismatch": {
    kind: "conflict",
    title: "The idempotency key was used with another body",
  },
  "service.unavailable": { kind: "unavailable", title: "A service that Curfew needs is busy" },
  internal: { kind: "internal", title: "Something went wrong on our side" },
} as const satisfies Record<string, { kind: ErrorKind; title: string }>;

/** One of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;
