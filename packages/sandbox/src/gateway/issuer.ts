import { randomUUID } from "node:crypto";
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import type { Clock } from "../clock.ts";
import type { Store } from "../store.ts";

/** Someone a token can be issued for. */
export interface TokenUser {
  id: string;
  email: string;
  displayName: string;
}

/** The identity provider of the sandbox. */
export interface Issuer {
  keyId: string;
  publicKey: CryptoKey;
  /** @param seconds how long the token is good for; a negative number makes one that has expired */
  sign(user: TokenUser, seconds: number): Promise<{ token: string; expiresAt: string }>;
}

const algorithm = "RS256";

const keyPair = async (store: Store): Promise<JWK> => {
  const keys = store.collection<JWK>("issuer-keys");
  const kept = keys.get("current");
  if (kept !== undefined) return kept;
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID() };
  keys.put("current", jwk);
  return jwk;
};

/** Loads the issuer with the key it had before, or makes one: tokens outlive a restart. */
export const createIssuer = async (deps: {
  store: Store;
  clock: Clock;
  issuer: string;
  audience: string;
}): Promise<Issuer> => {
  const { clock, issuer, audience } = deps;
  const jwk = await keyPair(deps.store);
  const keyId = jwk.kid ?? "";
  const privateKey = await importJWK(jwk, algorithm);
  const publicKey = await importJWK({ kty: "RSA", n: jwk.n ?? "", e: jwk.e ?? "" }, algorithm);
  if (publicKey instanceof Uint8Array) throw new Error("the issuer's key is not an RSA key");

  return {
    keyId,
    publicKey,
    sign: async (user, seconds) => {
      const now = Math.floor(clock.now() / 1000);
      const expires = now + seconds;
      const token = await new SignJWT({ email: user.email, name: user.displayName })
        .setProtectedHeader({ alg: algorithm, kid: keyId, typ: "JWT" })
        .setSubject(user.id)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(Math.min(now, expires))
        .setExpirationTime(expires)
        .sign(privateKey);
      return { token, expiresAt: new Date(expires * 1000).toISOString() };
    },
  };
};
