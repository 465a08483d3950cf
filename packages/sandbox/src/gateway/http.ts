import { STATUS_CODES } from "node:http";

/** A request, read whole. */
export interface GatewayRequest {
  method: string;
  /** Percent-encoded, without the query. */
  path: string;
  /** Without the question mark, undecoded. */
  query: string;
  /** By lower-case name, several values joined by a comma. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  sourceIp: string;
}

export interface GatewayResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** `Set-Cookie` headers. */
  cookies?: readonly string[];
  body: string | Uint8Array;
}

/** What API Gateway says on its own account. Its bodies cannot be customised. */
export const gatewayMessage = (
  status: number,
  message: string = STATUS_CODES[status] ?? "",
  headers: Readonly<Record<string, string>> = {},
): GatewayResponse => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify({ message }),
});

export const json = (status: number, content: unknown): GatewayResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(content),
});

/** A problem of RFC 9457, for the sandbox's own routes. */
export const problem = (
  status: number,
  code: string,
  detail: string,
  members: Record<string, unknown> = {},
): GatewayResponse => ({
  status,
  headers: { "content-type": "application/problem+json" },
  body: JSON.stringify({
    type: "about:blank",
    title: STATUS_CODES[status],
    status,
    detail,
    code,
    ...members,
  }),
});
