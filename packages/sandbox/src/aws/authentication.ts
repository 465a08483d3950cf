import type { Caller } from "./caller.ts";
import type { Callers } from "./credentials.ts";
import type { HttpRequest, Protocol } from "./protocols/protocol.ts";
import { AwsError } from "./service.ts";

/** The credential scope of a request's signature. */
export interface Scope {
  accessKeyId: string;
  region: string;
  signingName: string;
}

const scopePattern =
  /^AWS4-HMAC-SHA256 .*?Credential=(?<accessKeyId>[^/,\s]+)\/\d{8}\/(?<region>[^/,\s]+)\/(?<signingName>[^/,\s]+)\/aws4_request/;

/** Reads the scope from the `Authorization` header (Signature Version 4). */
export const readScope = (request: HttpRequest): Scope | undefined => {
  const { accessKeyId, region, signingName } =
    scopePattern.exec(request.headers.authorization ?? "")?.groups ?? {};
  if (accessKeyId === undefined || region === undefined || signingName === undefined) {
    return undefined;
  }
  return { accessKeyId, region, signingName };
};

/** @throws AwsError as the protocol's services answer a request that is not signed */
export const requireScope = (scope: Scope | undefined, protocol: Protocol): Scope => {
  if (scope !== undefined) return scope;
  const { code, status } = protocol.refusals.missing;
  throw new AwsError(code, "Request is missing Authentication Token", status);
};

/**
 * Who calls. The signature itself is not verified: on this machine the key says enough.
 *
 * @throws AwsError as the protocol's services refuse a key that is unknown or expired, or a region the sandbox is not
 */
export const authenticate = (
  deps: { callers: Callers; region: string },
  protocol: Protocol,
  scope: Scope,
  request: HttpRequest,
): Caller => {
  const refuse = (kind: keyof Protocol["refusals"], message: string): never => {
    const { code, status } = protocol.refusals[kind];
    throw new AwsError(code, message, status);
  };
  const token = request.headers["x-amz-security-token"];
  const caller = deps.callers.resolve(scope.accessKeyId, token);
  if (caller === "unknown") {
    return refuse("unknown", "The security token included in the request is invalid.");
  }
  if (caller === "expired") {
    return refuse("expired", "The security token included in the request is expired");
  }
  if (scope.region !== deps.region) {
    return refuse(
      "region",
      `Credential should be scoped to a valid region, not '${scope.region}'. The sandbox is ${deps.region} only.`,
    );
  }
  return caller;
};
