import { STS } from "@aws-sdk/client-sts";
import { expect } from "vitest";
import { hub as account, escalateRole } from "../testing/endpoint.ts";
import type { Contract } from "./contract.ts";
import type { World } from "./world.ts";

const as = (config: World["hub"]) => new STS(config);
const connector = {
  RoleArn: "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter",
  RoleSessionName: "req_1",
  ExternalId: "acme-curfew",
};

/** With the keys of a function's role. */
const escalate = (world: World) => {
  const session = { accountId: account, roleArn: escalateRole, sessionName: "i-1" };
  const { accessKeyId, sessionToken } = world.callers.issue(session, 900);
  return as(world.as(accessKeyId, sessionToken));
};

export const sts: Contract = {
  AssumeRole: {
    answers: async (world) => {
      const { Credentials, AssumedRoleUser } = await escalate(world).assumeRole(connector);
      expect(Credentials).toMatchObject({ Expiration: new Date(world.clock.now() + 3_600_000) });
      expect(AssumedRoleUser?.Arn).toContain("assumed-role/CurfewIdentityCenter/req_1");
    },
    refuses: {
      AccessDenied: (world) => escalate(world).assumeRole({ ...connector, ExternalId: "guessed" }),
      ValidationError: (world) =>
        escalate(world).assumeRole({ ...connector, RoleSessionName: "two words" }),
    },
  },
  GetCallerIdentity: {
    answers: async ({ hub }) => {
      expect(await as(hub).getCallerIdentity({})).toMatchObject({
        Account: account,
        Arn: `arn:aws:iam::${account}:user/sandbox`,
      });
    },
    refuses: { InvalidClientTokenId: ({ nobody }) => as(nobody).getCallerIdentity({}) },
  },
};
