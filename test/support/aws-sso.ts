import { STSClient } from "@aws-sdk/client-sts";
import { createSessions, createStrategy } from "@curfew/aws";
import type { Access, Log, Strategy, Subject } from "@curfew/core";
import { aRequest, memoryLog } from "@curfew/core/testing";
import {
  escalateRole,
  hub,
  type TestEndpoint,
} from "../../packages/sandbox/src/aws/testing/endpoint.ts";
import { acme, identityCenter } from "./acme.ts";

/** The strategy as the function `escalate` has it: with its role's keys, and on the endpoint's clock. */
export const awsSso = ({ callers, as, clock }: TestEndpoint, log: Log = memoryLog()): Strategy => {
  const role = { accountId: hub, roleArn: escalateRole, sessionName: "escalate" };
  const keys = callers.issue(role, 3_600);
  const sts = new STSClient(as(keys.accessKeyId, keys.sessionToken));
  const waiting = { now: () => clock.now(), sleep: (time: number) => clock.advance(time) };
  return createStrategy("aws_sso", { sessions: createSessions(sts), clock: waiting, log });
};

export const stagingReadOnly: Access["target"] = {
  name: "staging-readonly",
  type: "aws_sso_permission_set",
  label: "ReadOnly on staging",
  settings: { account_id: acme.staging, permission_set_arn: acme.readOnly },
};

/** A person of Acme who asks for a target. */
export const subjectFor = async (
  { url }: TestEndpoint,
  name: string,
  target: Access["target"],
  externalId = "acme-curfew",
): Promise<Subject> => {
  const email = `${name}@acme.example`;
  const access: Access = {
    strategy: "aws_sso",
    integration: {
      name: "identity-center",
      roleArn: "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter",
      externalId,
      region: "us-east-1",
      settings: { instance_arn: acme.instanceArn, identity_store_id: acme.identityStoreId },
    },
    target,
    person: { id: await identityCenter(url).userId(name), email },
    session: { name: "req_test", sourceIdentity: email },
  };
  return { access, request: aRequest({ access }) };
};
