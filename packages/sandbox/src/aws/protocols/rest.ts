import { AwsError, NotOffered, type Route, type Service } from "../service.ts";
import { parseObject, stringify } from "./json.ts";
import { type HttpRequest, type HttpResponse, membersOf, type Protocol } from "./protocol.ts";

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AwsError("SerializationException", "The path is not percent-encoded properly.");
  }
};

const segmentsOf = (path: string): string[] => path.split("/").filter((part) => part !== "");

/** The labels of a path that fits the template, or undefined. Split before decoding: an ARN in a label has slashes of its own. */
const match = (template: string, path: string): Record<string, string> | undefined => {
  const expected = segmentsOf(template);
  const actual = segmentsOf(path);
  if (expected.length !== actual.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const given = actual[index] ?? "";
    if (part.startsWith("{")) labels[part.slice(1, -1)] = decode(given);
    else if (part !== given) return undefined;
  }
  return labels;
};

const findRoute = (
  service: Service,
  request: HttpRequest,
): { operation: string; route: Route; labels: Record<string, string> } => {
  for (const [operation, route] of Object.entries(service.routes ?? {})) {
    if (route.method !== request.method) continue;
    const labels = match(route.path, request.path);
    if (labels !== undefined) return { operation, route, labels };
  }
  const what = `${service.signingName} at ${request.method} ${request.path}`;
  throw new NotOffered(what, "UnknownOperationException", 404);
};

const fromQuery = (route: Route, query: URLSearchParams): Record<string, string> => {
  const members: Record<string, string> = {};
  for (const [name, member] of Object.entries(route.query ?? {})) {
    const value = query.get(name);
    if (value !== null) members[member] = value;
  }
  return members;
};

const fromHeaders = (
  route: Route,
  headers: Readonly<Record<string, string>>,
): Record<string, string> => {
  const members: Record<string, string> = {};
  for (const [name, member] of Object.entries(route.headers ?? {})) {
    const value = headers[name];
    if (value !== undefined) members[member] = value;
  }
  return members;
};

const toHeaders = (route: Route, output: Record<string, unknown>): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const [name, member] of Object.entries(route.answer?.headers ?? {})) {
    const value = output[member];
    if (value !== undefined && value !== null) headers[name] = String(value);
  }
  return headers;
};

const statusOf = (route: Route, output: Record<string, unknown>): number => {
  const status = route.answer?.status ?? 200;
  return typeof status === "number" ? status : Number(output[status] ?? 200);
};

const bodyOf = (route: Route, output: Record<string, unknown>): string | Uint8Array => {
  if (route.answer?.payload === undefined) return stringify(output);
  const payload = output[route.answer.payload] ?? "";
  return payload instanceof Uint8Array ? payload : String(payload);
};

const respond = (
  status: number,
  headers: Record<string, string>,
  body: string | Uint8Array,
  requestId: string,
): HttpResponse => ({
  status,
  headers: { "content-type": "application/json", "x-amzn-requestid": requestId, ...headers },
  body,
});

/** restJson1, by the service's table of routes: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export const restProtocol: Protocol = {
  read: (service, request) => {
    const { operation, route, labels } = findRoute(service, request);
    const body =
      route.payload === undefined ? parseObject(request.body) : { [route.payload]: request.body };
    const input = {
      ...body,
      ...fromQuery(route, request.query),
      ...fromHeaders(route, request.headers),
      ...labels,
    };
    return { operation, input };
  },
  write: (service, operation, output, requestId) => {
    const route = service.routes?.[operation];
    if (route === undefined) return respond(200, {}, stringify(membersOf(output)), requestId);
    const members = membersOf(output);
    return respond(
      statusOf(route, members),
      toHeaders(route, members),
      bodyOf(route, members),
      requestId,
    );
  },
  fail: (_service, error, requestId) =>
    respond(
      error.status,
      { "x-amzn-errortype": error.code },
      stringify({ Message: error.message, ...error.members }),
      requestId,
    ),
  refusals: {
    missing: { code: "MissingAuthenticationTokenException", status: 403 },
    unknown: { code: "UnrecognizedClientException", status: 403 },
    expired: { code: "ExpiredTokenException", status: 403 },
    region: { code: "InvalidSignatureException", status: 403 },
  },
};
