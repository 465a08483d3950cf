import { STATUS_CODES } from "node:http";
import type * as z from "zod";

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

/** What answers one of the sandbox's own routes. */
export type SandboxRoute = (request: GatewayRequest) => Promise<GatewayResponse>;

/** A body of JSON; undefined for any other. */
export const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return undefined;
  }
};

/** The answer to a request of the sandbox's own routes that is out of form. */
export const badRequest = (detail: string, error: z.ZodError): GatewayResponse =>
  problem(400, "sandbox.bad-request", detail, {
    errors: error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
  });
