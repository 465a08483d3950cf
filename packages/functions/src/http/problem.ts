import {
  CurfewError,
  type ErrorKind,
  errorCodes,
  isWorkflowError,
  type Log,
  workflowErrors,
} from "@curfew/core";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";

/** The HTTP status of each kind of error. */
export const statuses: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "too-large": 413,
  rule: 422,
  "too-many": 429,
  unavailable: 503,
  internal: 500,
};

/** The answer to an error, as a problem document (RFC 9457). Only a CurfewError is shown; anything else is logged and shown as a bare 500. */
export const problemResponse = (error: unknown, log: Log): APIGatewayProxyStructuredResultV2 => {
  const shown = shownError(error);
  if (shown !== error) log.error("A call failed.", { error });
  const { title, kind } = errorCodes[shown.code];
  const problem = {
    type: "about:blank",
    title,
    status: statuses[kind],
    detail: shown.message,
    code: shown.code,
    ...(shown.problems.length === 0 ? {} : { errors: shown.problems }),
  };
  return {
    statusCode: statuses[kind],
    headers: {
      "content-type": "application/problem+json",
      ...(kind === "unavailable" ? { "retry-after": "2" } : {}),
    },
    body: JSON.stringify(problem),
  };
};

const shownError = (error: unknown): CurfewError => {
  if (error instanceof CurfewError) return error;
  return isWorkflowError(error, workflowErrors.serviceUnavailable)
    ? new CurfewError("service.unavailable", "Try again in a moment; nothing is lost.")
    : new CurfewError("internal", "The failure was logged.");
};
