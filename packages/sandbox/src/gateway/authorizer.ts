import { type CryptoKey, errors, type JWTPayload, jwtVerify } from "jose";
import type { Clock } from "../clock.ts";
import type { ApiRoute } from "../deployment.ts";
import { type GatewayResponse, gatewayMessage } from "./http.ts";
import type { Issuer } from "./issuer.ts";

/** Who the token speaks of, or what the gateway answers instead. */
export type Authorization =
  | { allowed: true; claims: Record<string, string> }
  | { allowed: false; response: GatewayResponse };

/** Claims arrive as strings, a list in Go's notation: `[a b]`. */
const claimText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(claimText).join(" ")}]`;
  return typeof value === "string" ? value : JSON.stringify(value);
};

const claimsOf = (payload: JWTPayload): Record<string, string> =>
  Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, claimText(value)]));

const reasonOf = (error: unknown): string => {
  if (error instanceof errors.JWTExpired) return "the token has expired";
  if (error instanceof errors.JWTClaimValidationFailed) return `invalid ${error.claim}`;
  if (error instanceof errors.JOSEAlgNotAllowed) return "signing method is invalid";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature is invalid";
  return "invalid token";
};

const unauthorized = (challenge: string): Authorization => ({
  allowed: false,
  response: gatewayMessage(401, "Unauthorized", { "www-authenticate": challenge }),
});

/**
 * Checks a bearer token as API Gateway's JWT authorizer does: key, RSA signature, issuer, audience, times.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export const createAuthorizer = (deps: { issuer: Issuer; clock: Clock }) => {
  const { issuer, clock } = deps;
  const keyOf = ({ kid }: { kid?: string }): CryptoKey => {
    if (kid !== issuer.keyId) throw new errors.JWKSNoMatchingKey();
    return issuer.publicKey;
  };

  return async (
    authorizer: NonNullable<ApiRoute["authorizer"]>,
    header: string | undefined,
  ): Promise<Authorization> => {
    const token = header?.replace(/^Bearer\s+/i, "") ?? "";
    if (token === "") return unauthorized("Bearer");
    try {
      const { payload } = await jwtVerify(token, keyOf, {
        algorithms: ["RS256", "RS384", "RS512"],
        issuer: authorizer.issuer,
        audience: [...authorizer.audiences],
        requiredClaims: ["exp"],
        currentDate: new Date(clock.now()),
      });
      return { allowed: true, claims: claimsOf(payload) };
    } catch (error) {
      const reason = reasonOf(error);
      return unauthorized(`Bearer scope="" error="invalid_token" error_description="${reason}"`);
    }
  };
};
