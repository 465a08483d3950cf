import type { GatewayRequest } from "./http.ts";
import type { RouteMatch } from "./routes.ts";

/** Content types whose bodies the gateway hands over as text. */
const textual = /^(text\/|application\/(json|javascript|xml)\b)/i;

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `12/Mar/2020:19:03:58 +0000`, as in access logs. */
const logTime = (now: Date): string => {
  const [year, , day] = now.toISOString().slice(0, 10).split("-");
  const time = now.toISOString().slice(11, 19);
  return `${day}/${months[now.getUTCMonth()]}/${year}:${time} +0000`;
};

const queryOf = (query: string): Record<string, string> => {
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const earlier = Object.hasOwn(values, name) ? values[name] : undefined;
    values[name] = earlier === undefined ? value : `${earlier},${value}`;
  }
  return values;
};

const bodyOf = ({ body, headers }: GatewayRequest): Record<string, unknown> => {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = textual.test(headers["content-type"] ?? "application/json");
  const encoding = isText ? "utf8" : "base64";
  return { body: Buffer.from(body).toString(encoding), isBase64Encoded: !isText };
};

/**
 * The event of payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *
 * @param path decoded
 * @param claims of the caller's token, where the route has an authorizer
 */
export const toEvent = (
  request: GatewayRequest,
  path: string,
  { route, parameters }: RouteMatch,
  context: {
    accountId: string;
    region: string;
    requestId: string;
    now: number;
    claims: Record<string, string> | undefined;
  },
): Record<string, unknown> => {
  const { accountId, region, requestId, now, claims } = context;
  const { cookie, connection: _connection, ...headers } = request.headers;
  const domainPrefix = "sandbox";
  return {
    version: "2.0",
    routeKey: route.key,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(request.query === "" ? {} : { queryStringParameters: queryOf(request.query) }),
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
    requestContext: {
      accountId,
      apiId: domainPrefix,
      ...(claims === undefined ? {} : { authorizer: { jwt: { claims, scopes: null } } }),
      domainName: `${domainPrefix}.execute-api.${region}.amazonaws.com`,
      domainPrefix,
      http: {
        method: request.method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId,
      routeKey: route.key,
      stage: "$default",
      time: logTime(new Date(now)),
      timeEpoch: now,
    },
    ...bodyOf(request),
  };
};
