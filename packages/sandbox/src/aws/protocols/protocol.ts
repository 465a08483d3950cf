import type { AwsError, Service } from "../service.ts";

/** A request as it came, its body read to the end. */
export interface HttpRequest {
  method: string;
  /** Still percent-encoded, without the query string. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** One of AWS's wire protocols: takes requests apart and puts answers together, and knows nothing of what they mean. */
export interface Protocol {
  /** @throws AwsError when the request is not in the protocol's form */
  read(
    service: Service,
    request: HttpRequest,
  ): { operation: string; input: Record<string, unknown> };
  write(service: Service, operation: string, output: unknown, requestId: string): HttpResponse;
  fail(service: Service, error: AwsError, requestId: string): HttpResponse;
  /** What this protocol's services call the ways in which credentials can be wrong, and with which status. */
  refusals: {
    missing: Refusal;
    unknown: Refusal;
    expired: Refusal;
    region: Refusal;
  };
}

interface Refusal {
  code: string;
  status: number;
}

/** Members of an answer: `undefined` for an operation that answers nothing. */
export const membersOf = (output: unknown): Record<string, unknown> =>
  typeof output === "object" && output !== null ? { ...output } : {};
