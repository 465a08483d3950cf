import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Store } from "../store.ts";
import type { Caller, CallingWorker } from "./caller.ts";

/** What a session of a role is: the role, and who uses it. */
export interface Session {
  accountId: string;
  roleArn: string;
  sessionName: string;
  /** Set once, carried on by every further role (`sts:SourceIdentity`). */
  sourceIdentity?: string;
  /** Who it was issued to, carried on like the source identity: the sandbox's own. */
  worker?: CallingWorker;
}

/** Keys as STS hands them out. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** Issues keys for sessions, and says who is behind a key. Sessions outlive a restart. */
export interface Callers {
  /** @param seconds how long the keys are good for */
  issue(session: Session, seconds: number): Credentials;
  resolve(accessKeyId: string, sessionToken?: string): Caller | "unknown" | "expired";
}

interface StoredSession extends Session {
  /** The token itself is never kept. */
  tokenHash: string;
  /** Milliseconds since the epoch. */
  expires: number;
}

/** How long an expired session is still told apart from one that never was. */
const memoryOfExpired = 24 * 3600_000;

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** 16 characters as in AWS's ids, from random bytes or from a hash. */
export const idSuffix = (bytes: Uint8Array): string =>
  [...bytes.subarray(0, 16)].map((byte) => base32[byte % 32]).join("");

const hash = (token: string): string => createHash("sha256").update(token).digest("hex");

const roleNameOf = (roleArn: string): string => roleArn.slice(roleArn.lastIndexOf("/") + 1);

const callerOf = (session: Session): Caller => ({
  accountId: session.accountId,
  arn: `arn:aws:sts::${session.accountId}:assumed-role/${roleNameOf(session.roleArn)}/${session.sessionName}`,
  roleArn: session.roleArn,
  sessionName: session.sessionName,
  ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
  ...(session.worker === undefined ? {} : { worker: session.worker }),
  administrator: false,
});

const administratorOf = (accountId: string): Caller => ({
  accountId,
  arn: `arn:aws:iam::${accountId}:user/sandbox`,
  administrator: true,
});

/**
 * @param accounts the accounts of the organisation: the key `sandbox-<account id>` is an
 *   administrator of that account, `sandbox` one of the management account. Any secret will do.
 */
export const createCallers = (deps: {
  store: Store;
  clock: Clock;
  accounts: readonly string[];
  managementAccount: string;
}): Callers => {
  const { clock, accounts, managementAccount } = deps;
  const sessions = deps.store.collection<StoredSession>("sessions");

  for (const { id, document } of sessions.list()) {
    if (document.expires + memoryOfExpired < clock.now()) sessions.delete(id);
  }

  const administrator = (accessKeyId: string): Caller | undefined => {
    if (accessKeyId === "sandbox") return administratorOf(managementAccount);
    const account = accounts.find((accountId) => accessKeyId === `sandbox-${accountId}`);
    return account === undefined ? undefined : administratorOf(account);
  };

  return {
    issue: (session, seconds) => {
      const accessKeyId = `ASIA${idSuffix(randomBytes(16))}`;
      const sessionToken = randomBytes(48).toString("base64");
      const expires = clock.now() + seconds * 1000;
      sessions.put(accessKeyId, { ...session, tokenHash: hash(sessionToken), expires });
      return {
        accessKeyId,
        secretAccessKey: randomBytes(30).toString("base64"),
        sessionToken,
        expiration: new Date(expires),
      };
    },
    resolve: (accessKeyId, sessionToken) => {
      const admin = administrator(accessKeyId);
      if (admin !== undefined) return admin;
      const session = sessions.get(accessKeyId);
      if (session === undefined || hash(sessionToken ?? "") !== session.tokenHash) return "unknown";
      return session.expires <= clock.now() ? "expired" : callerOf(session);
    },
  };
};
