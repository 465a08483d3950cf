import { CurfewError, isTooDeep, parseInput } from "@curfew/core";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type * as z from "zod/mini";

/** The largest body, in bytes. */
const largestBody = 64 * 1_024;

/**
 * The parsed body.
 *
 * @param whenEmpty what an empty body stands for; without it one is not valid
 * @throws CurfewError `body.too-large`, or `body.malformed` with every problem and its path
 */
export const bodyOf = <T>(
  { body: raw = "", isBase64Encoded }: Pick<APIGatewayProxyEventV2, "body" | "isBase64Encoded">,
  schema: z.ZodMiniType<T>,
  whenEmpty?: unknown,
): T => {
  const body = isBase64Encoded ? Buffer.from(raw, "base64").toString("utf8") : raw;
  if (Buffer.byteLength(body) > largestBody)
    throw new CurfewError("body.too-large", `The body must have at most ${largestBody} bytes.`);
  const parsed = parseInput(
    schema,
    body === "" && whenEmpty !== undefined ? whenEmpty : parseJson(body),
  );
  if (parsed.success) return parsed.data;
  const { problems } = parsed;
  const summary = problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new CurfewError("body.malformed", summary, { problems });
};

const parseJson = (text: string): unknown => {
  const body = jsonOf(text);
  if (isTooDeep(body)) throw new CurfewError("body.malformed", "The body is nested too deep.");
  return body;
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new CurfewError("body.malformed", "The body is not valid JSON.");
  }
};
