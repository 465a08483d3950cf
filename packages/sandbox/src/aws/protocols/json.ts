import { AwsError } from "../service.ts";
import { type HttpRequest, type HttpResponse, membersOf, type Protocol } from "./protocol.ts";

/** Writes JSON as AWS does: timestamps in epoch seconds, absent members left out. */
export const stringify = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key, plain) {
    // `this[key]`, since a Date has become a string by the time it gets here as `plain`.
    const raw = this[key];
    return raw instanceof Date ? raw.getTime() / 1000 : plain;
  });

/**
 * Reads a body that must be a JSON object; an empty one counts as `{}`.
 *
 * @throws AwsError `SerializationException`
 */
export const parseObject = (body: Uint8Array): Record<string, unknown> => {
  const text = Buffer.from(body).toString("utf8").trim();
  if (text === "") return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return { ...parsed };
  } catch {
    // Answered below, like a body that is JSON but no object.
  }
  throw new AwsError("SerializationException", "The request body is not a JSON object.");
};

const respond = (
  status: number,
  body: unknown,
  requestId: string,
  version: string,
  headers: Record<string, string> = {},
): HttpResponse => ({
  status,
  headers: {
    "content-type": `application/x-amz-json-${version}`,
    "x-amzn-requestid": requestId,
    ...headers,
  },
  body: stringify(body),
});

const operationOf = (request: HttpRequest): string => {
  const target = request.headers["x-amz-target"] ?? "";
  return target.slice(target.lastIndexOf(".") + 1);
};

/** awsJson 1.0 and 1.1, which differ in nothing but the content type: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export const createJsonProtocol = (version: "1.0" | "1.1"): Protocol => ({
  read: (_service, request) => ({
    operation: operationOf(request),
    input: parseObject(request.body),
  }),
  write: (_service, _operation, output, requestId) =>
    respond(200, membersOf(output), requestId, version),
  fail: (service, error, requestId) => {
    const legacy = service.legacyCodes?.[error.code];
    return respond(
      error.status,
      { __type: error.code, message: error.message, ...error.members },
      requestId,
      version,
      legacy === undefined ? {} : { "x-amzn-query-error": `${legacy};Sender` },
    );
  },
  refusals: {
    missing: { code: "MissingAuthenticationTokenException", status: 400 },
    unknown: { code: "UnrecognizedClientException", status: 400 },
    expired: { code: "ExpiredTokenException", status: 400 },
    region: { code: "InvalidSignatureException", status: 400 },
  },
});
