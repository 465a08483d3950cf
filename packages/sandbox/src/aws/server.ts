import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import { CallerKilled, type Idle, type Inject, Unanswered } from "../faults/inject.ts";
import type { Log } from "../log.ts";
import { type LoopbackServer, onLoopback } from "../loopback.ts";
import { authenticate, readScope, requireScope, type Scope } from "./authentication.ts";
import type { Authorize } from "./authorize.ts";
import type { CallLog, LoggedCall } from "./call-log.ts";
import type { Callers } from "./credentials.ts";
import { createJsonProtocol } from "./protocols/json.ts";
import type { HttpRequest, HttpResponse, Protocol } from "./protocols/protocol.ts";
import { queryProtocol } from "./protocols/query.ts";
import { restProtocol } from "./protocols/rest.ts";
import { AwsError, NotOffered, type Service } from "./service.ts";

/** The AWS endpoint: every service on one port, told apart by the signature's credential scope. */
export type Endpoint = LoopbackServer;

export interface EndpointDeps {
  services: readonly Service[];
  callers: Callers;
  authorize: Authorize;
  region: string;
  clock: Clock;
  log: Log;
  callLog: CallLog;
  /** Faults that calls meet with; none without it. */
  inject?: Inject;
}

/** Above Lambda's 6 MB and DynamoDB's 16 MB, the largest of the services. */
const largestBody = 17 * 2 ** 20;

const json10 = createJsonProtocol("1.0");
const json11 = createJsonProtocol("1.1");

/** Services whose clients read nothing but XML, whatever they send. */
const restXml: readonly string[] = ["cloudfront", "route53", "s3"];

const protocolOf = (
  service: Service | undefined,
  signingName: string,
  request: HttpRequest,
): Protocol => {
  if (service?.routes !== undefined) return restProtocol;
  if (service?.xmlNamespace !== undefined) return queryProtocol;
  const type = request.headers["content-type"] ?? "";
  // So that a client of a service which is not offered can read the answer that says so.
  const inXml = type.includes("x-www-form-urlencoded") || restXml.includes(signingName);
  if (service === undefined && inXml) return queryProtocol;
  return type.includes("json-1.0") ? json10 : json11;
};

const readBody = async (request: IncomingMessage): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Read on without keeping it: a client that is still sending would not see an answer.
    if (size <= largestBody) chunks.push(chunk);
  }
  if (size > largestBody) {
    throw new AwsError("RequestEntityTooLargeException", "The request is too large.", 413);
  }
  return Buffer.concat(chunks);
};

const headOf = (request: IncomingMessage): HttpRequest => {
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(headers),
    body: new Uint8Array(),
  };
};

/** Composes the endpoint of the services it is given. */
export const createEndpoint = (deps: EndpointDeps): Endpoint => {
  const { clock, log, callLog, authorize, inject = (_service, call, run) => run(call) } = deps;
  const services = new Map(deps.services.map((service) => [service.signingName, service]));

  const operationOf = (service: Service, operation: string, protocol: Protocol) => {
    if (Object.hasOwn(service.operations, operation)) {
      const found = service.operations[operation];
      if (found !== undefined) return found;
    }
    const what = `${service.signingName}:${operation}`;
    throw protocol === queryProtocol ? new NotOffered(what, "InvalidAction") : new NotOffered(what);
  };

  const serviceOf = (scope: Scope): Service => {
    const service = services.get(scope.signingName);
    if (service !== undefined) return service;
    throw new NotOffered(`the service ${scope.signingName}`);
  };

  const toAwsError = (error: unknown, what: string): AwsError => {
    if (error instanceof NotOffered) log.warn(error.message);
    if (error instanceof AwsError) return error;
    log.error(`${what} failed inside the sandbox.`, error);
    return new AwsError("InternalFailure", "The sandbox failed; its log says how.", 500);
  };

  const answer = async (incoming: IncomingMessage, idle: Idle): Promise<HttpResponse> => {
    const requestId = randomUUID();
    const head = headOf(incoming);
    const scope = readScope(head);
    const signingName = scope?.signingName ?? "";
    const mounted = services.get(signingName);
    const protocol = protocolOf(mounted, signingName, head);
    const entry: Omit<LoggedCall, "at" | "outcome"> = {
      service: scope?.signingName ?? "-",
      operation: "-",
      caller: "-",
      requestId,
    };
    const record = (outcome: string): void =>
      callLog.record({ at: new Date(clock.now()).toISOString(), ...entry, outcome });

    try {
      const request = { ...head, body: await readBody(incoming) };
      const signed = requireScope(scope, protocol);
      const service = serviceOf(signed);
      const { operation, input } = protocol.read(service, request);
      entry.operation = operation;
      const caller = authenticate(deps, protocol, signed, request);
      entry.caller = caller.arn;
      if (caller.worker !== undefined) entry.function = caller.worker.functionName;
      const call = { operation, input, caller, region: deps.region };
      const run = operationOf(service, operation, protocol);
      await authorize(service, call);
      const output = await inject(service, call, run, idle);
      record("ok");
      return protocol.write(service, operation, output, requestId);
    } catch (error) {
      if (error instanceof CallerKilled) {
        record("killed");
        throw error;
      }
      if (error instanceof Unanswered) {
        record("unanswered");
        throw error;
      }
      const failure = toAwsError(error, `${entry.service}:${entry.operation}`);
      record(failure.code);
      const service = mounted ?? { signingName: entry.service, operations: {} };
      return protocol.fail(service, failure, requestId);
    }
  };

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    let held = clock.hold();
    using _ = { [Symbol.dispose]: () => held[Symbol.dispose]() };
    const idle: Idle = async (wait) => {
      held[Symbol.dispose]();
      try {
        await wait();
      } finally {
        held = clock.hold();
      }
    };
    const { status, headers, body } = await answer(incoming, idle);
    outgoing.writeHead(status, {
      ...headers,
      // Clients take their own clock to be wrong by as much as this one differs from it.
      date: new Date(clock.now()).toUTCString(),
      "content-length": Buffer.byteLength(body),
    });
    outgoing.end(body);
  };

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error: unknown) => {
      // The caller's own patience ends the connection.
      if (error instanceof Unanswered) return;
      if (!(error instanceof CallerKilled)) log.error("A call was cut off.", error);
      outgoing.destroy();
    });
  });

  // Clients keep their connections, and some calls are never tried twice: closing an idle connection
  // just as the next call comes in would cost that call.
  server.keepAliveTimeout = 0;

  return onLoopback(server);
};
