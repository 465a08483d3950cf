import * as z from "zod";
import type { InvocationResult } from "../lambda/runtime.ts";
import { type GatewayResponse, gatewayMessage } from "./http.ts";

/** What a function may answer in payload format 2.0 to say more than a body. */
const Formatted = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

const isFormatted = (payload: unknown): boolean =>
  typeof payload === "object" && payload !== null && "statusCode" in payload;

/** Turns what the function answered into the response, as the gateway does. A crash, or an answer out of form, is a bare 500. */
export const toResponse = (result: InvocationResult): GatewayResponse => {
  if (result.functionError !== undefined) return gatewayMessage(500);
  const { payload } = result;
  if (!isFormatted(payload)) {
    const body = typeof payload === "string" ? payload : JSON.stringify(payload);
    return { status: 200, headers: { "content-type": "application/json" }, body };
  }
  const parsed = Formatted.safeParse(payload);
  if (!parsed.success) return gatewayMessage(500);
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const named = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    String(value),
  ]);
  return {
    status: statusCode,
    headers: { "content-type": "text/plain; charset=utf-8", ...Object.fromEntries(named) },
    cookies: cookies ?? [],
    body: isBase64Encoded === true ? Buffer.from(body ?? "", "base64") : (body ?? ""),
  };
};
