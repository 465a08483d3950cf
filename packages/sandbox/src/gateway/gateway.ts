import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { AwsError } from "../aws/service.ts";
import type { Clock } from "../clock.ts";
import type { Deployment } from "../deployment.ts";
import type { InvocationResult, LambdaRuntime } from "../lambda/runtime.ts";
import type { Log } from "../log.ts";
import { type LoopbackServer, onLoopback } from "../loopback.ts";
import { toResponse } from "./answer.ts";
import { createAuthorizer } from "./authorizer.ts";
import { toEvent } from "./event.ts";
import { type GatewayRequest, type GatewayResponse, gatewayMessage } from "./http.ts";
import type { Issuer } from "./issuer.ts";
import { createRouter, type RouteMatch } from "./routes.ts";

export interface GatewayDeps {
  deployment: Pick<Deployment, "routes" | "accountId" | "region">;
  lambda: Pick<LambdaRuntime, "invoke">;
  issuer: Issuer;
  clock: Clock;
  log: Log;
  /** Answers what is below `/sandbox`. */
  sandboxRoutes(request: GatewayRequest): Promise<GatewayResponse>;
}

/** The HTTP API. */
export type Gateway = LoopbackServer;

/** The gateway takes 10 MB, but Lambda no more than 6. */
const largestBody = 6 * 2 ** 20;

/** Milliseconds between two looks for a free worker. */
const pauseForWorker = 20;

const readRequest = async (incoming: IncomingMessage): Promise<GatewayRequest | "too large"> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    // Read on without keeping it: a client that is still sending would not see an answer.
    if (size <= largestBody) chunks.push(chunk);
  }
  if (size > largestBody) return "too large";
  const url = incoming.url ?? "/";
  const mark = url.indexOf("?");
  const headers = Object.entries(incoming.headersDistinct).map(([name, values = []]) => [
    name,
    values.join(name === "cookie" ? "; " : ","),
  ]);
  return {
    method: incoming.method ?? "GET",
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? "" : url.slice(mark + 1),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
    sourceIp: incoming.socket.remoteAddress ?? "127.0.0.1",
  };
};

const decodeSegments = (path: string): string[] | undefined => {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
};

/** API Gateway's HTTP API in front of the functions, with the bodies that it answers itself. */
export const createGateway = (deps: GatewayDeps): Gateway => {
  const { deployment, lambda, clock, log, sandboxRoutes } = deps;
  const router = createRouter(deployment.routes);
  const authorize = createAuthorizer(deps);

  const invoke = async (
    { route }: RouteMatch,
    event: Record<string, unknown>,
  ): Promise<InvocationResult | "no answer"> => {
    const late = Promise.withResolvers<"no answer">();
    let over = false;
    const timer = clock.at(clock.now() + route.timeout, () => {
      over = true;
      late.resolve("no answer");
    });
    /** This machine has few workers where AWS would start hundreds, so a call waits for one as long as the gateway may. */
    const whenFree = async (): Promise<InvocationResult | "no answer"> => {
      while (!over) {
        try {
          return await lambda.invoke(route.functionArn, event);
        } catch (error) {
          if (!(error instanceof AwsError) || error.code !== "TooManyRequestsException")
            throw error;
          await clock.sleep(pauseForWorker);
        }
      }
      return "no answer";
    };
    try {
      return await Promise.race([whenFree(), late.promise]);
    } finally {
      timer.cancel();
    }
  };

  const respond = async (request: GatewayRequest, requestId: string): Promise<GatewayResponse> => {
    if (request.path === "/sandbox" || request.path.startsWith("/sandbox/"))
      return sandboxRoutes(request);
    const segments = decodeSegments(request.path);
    if (segments === undefined) return gatewayMessage(400);
    const match = router(request.method, segments);
    if (match === undefined) return gatewayMessage(404);

    const { authorizer } = match.route;
    let claims: Record<string, string> | undefined;
    if (authorizer !== undefined) {
      const decision = await authorize(authorizer, request.headers.authorization);
      if (!decision.allowed) return decision.response;
      claims = decision.claims;
    }
    const { accountId, region } = deployment;
    const context = { accountId, region, requestId, now: clock.now(), claims };
    const result = await invoke(match, toEvent(request, `/${segments.join("/")}`, match, context));
    if (result === "no answer") return gatewayMessage(503);
    if (result.functionError !== undefined) {
      const { errorType, errorMessage } = result.payload;
      log.error(`${match.route.key} failed: ${errorType}: ${errorMessage}`);
    }
    return toResponse(result);
  };

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    using _ = clock.hold();
    const requestId = randomUUID();
    const request = await readRequest(incoming);
    const response =
      request === "too large"
        ? gatewayMessage(413, "Request Entity Too Large")
        : await respond(request, requestId);
    const { status, headers, cookies = [], body } = response;
    outgoing.writeHead(status, {
      ...headers,
      date: new Date(clock.now()).toUTCString(),
      ...(cookies.length === 0 ? {} : { "set-cookie": [...cookies] }),
      "content-length": Buffer.byteLength(body),
      "apigw-requestid": requestId,
    });
    outgoing.end(body);
  };

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error: unknown) => {
      log.error(`${incoming.method} ${incoming.url} failed inside the sandbox`, error);
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500, { "content-type": "application/json" });
      outgoing.end(gatewayMessage(500).body);
    });
  });

  return onLoopback(server);
};
