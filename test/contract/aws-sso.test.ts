import { STSClient } from "@aws-sdk/client-sts";
import { createSessions, createStrategy } from "@curfew/aws";
import { type Access, type Attempt, WorkflowError, workflowErrors } from "@curfew/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  escalateRole,
  hub,
  startEndpoint,
  type TestEndpoint,
} from "../../packages/sandbox/src/aws/testing/endpoint.ts";
import { createManualClock } from "../../packages/sandbox/src/testing/manual-clock.ts";
import { acme, identityCenter } from "../support/acme.ts";

describe("strategy aws_sso", () => {
  let endpoint: TestEndpoint;

  beforeEach(async () => {
    endpoint = await startEndpoint({ clock: createManualClock(Date.now()) });
    // The strategy makes its own clients, which find the endpoint as they do in the sandbox.
    vi.stubEnv("AWS_ENDPOINT_URL", endpoint.url);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await endpoint.close();
  });

  const strategy = () => {
    const keys = endpoint.callers.issue(
      { accountId: hub, roleArn: escalateRole, sessionName: "escalate" },
      3_600,
    );
    const sts = new STSClient(endpoint.as(keys.accessKeyId, keys.sessionToken));
    const { clock } = endpoint;
    const waiting = { now: () => clock.now(), sleep: (time: number) => clock.advance(time) };
    return createStrategy("aws_sso", createSessions(sts), waiting);
  };

  const accessOf = async (name: string, externalId = "acme-curfew"): Promise<Access> => ({
    strategy: "aws_sso",
    integration: {
      name: "identity-center",
      roleArn: "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter",
      externalId,
      region: "us-east-1",
      settings: { instance_arn: acme.instanceArn, identity_store_id: acme.identityStoreId },
    },
    target: {
      name: "staging-readonly",
      type: "aws_sso_permission_set",
      label: "ReadOnly on staging",
      settings: { account_id: acme.staging, permission_set_arn: acme.readOnly },
    },
    person: {
      id: await identityCenter(endpoint.url).userId(name),
      email: `${name}@acme.example`,
    },
    session: { name: "req_test", sourceIdentity: `${name}@acme.example` },
  });

  const anAttempt = (overrides: Partial<Attempt> = {}): Attempt & { remembered: string[] } => {
    const remembered: string[] = [];
    return {
      remembered,
      pending: [],
      remember: async (operation) => void remembered.push(operation),
      forget: async () => {},
      beforeChange: () => {},
      ...overrides,
    };
  };

  const calls = (operation: string): number =>
    endpoint.callLog.calls().filter((call) => call.operation === operation).length;

  const listed = (name: string) => {
    const { clock } = endpoint;
    return clock.advance(1_000).then(() => identityCenter(endpoint.url).hasStagingReadOnly(name));
  };

  it("gives the access and says so only when the service lists it", async () => {
    const access = await accessOf("alice");
    const attempt = anAttempt();
    expect(await strategy().inspect(access)).toBe(false);
    await strategy().escalate(access, attempt);
    expect(await strategy().inspect(access)).toBe(true);
    expect(attempt.remembered).toHaveLength(1);
  });

  it("creates nothing a second time", async () => {
    const access = await accessOf("alice");
    await strategy().escalate(access, anAttempt());
    await strategy().escalate(access, anAttempt());
    expect(calls("CreateAccountAssignment")).toBe(1);
  });

  it("goes on with a creation that an earlier attempt began", async () => {
    const access = await accessOf("alice");
    const attempt = anAttempt({
      remember: async (operation) => {
        throw new WorkflowError(workflowErrors.leaseBusy, operation);
      },
    });
    const lost = await strategy()
      .escalate(access, attempt)
      .catch((error: Error) => error.message);
    await strategy().escalate(access, anAttempt({ pending: [String(lost)] }));
    expect(calls("CreateAccountAssignment")).toBe(1);
  });

  it("takes the access away and says so only when the service no longer lists it", async () => {
    const access = await accessOf("alice");
    await strategy().escalate(access, anAttempt());
    await strategy().deescalate(access, anAttempt());
    expect(await strategy().inspect(access)).toBe(false);
  });

  it("waits out a creation whose id was lost before it takes the access away", async () => {
    const access = await accessOf("alice");
    const forgetful = anAttempt({
      remember: async () => {
        throw new WorkflowError(workflowErrors.leaseBusy, "the invocation ended here");
      },
    });
    await expect(strategy().escalate(access, forgetful)).rejects.toThrow();
    await strategy().deescalate(access, anAttempt());
    expect(await listed("alice")).toBe(false);
  });

  it("is done when there is nothing to take away", async () => {
    await strategy().deescalate(await accessOf("alice"), anAttempt());
    expect(await listed("alice")).toBe(false);
  });

  it("touches nobody else's access", async () => {
    const access = await accessOf("alice");
    await strategy().escalate(access, anAttempt());
    await strategy().deescalate(access, anAttempt());
    expect(await listed("dave")).toBe(true);
  });

  it("waits while the account is being changed for somebody else", async () => {
    const [alice, bob] = await Promise.all([accessOf("alice"), accessOf("bob")]);
    await Promise.all([
      strategy().escalate(alice, anAttempt()),
      strategy().escalate(bob, anAttempt()),
    ]);
    expect(await listed("alice")).toBe(true);
    expect(await listed("bob")).toBe(true);
  });

  it("reports a creation that failed", async () => {
    const access = await accessOf("alice");
    const stranger = { ...access, person: { id: crypto.randomUUID(), email: "x@acme.example" } };
    await expect(strategy().escalate(stranger, anAttempt())).rejects.toMatchObject({
      name: workflowErrors.escalationFailed,
    });
  });

  it("makes no changing call when the attempt may not", async () => {
    const refuse = anAttempt({
      beforeChange: () => {
        throw new WorkflowError(workflowErrors.grantRefused, "too late");
      },
    });
    const access = await accessOf("alice");
    await expect(strategy().escalate(access, refuse)).rejects.toThrow("too late");
    await expect(strategy().deescalate(access, refuse)).rejects.toThrow("too late");
    expect(calls("CreateAccountAssignment") + calls("DeleteAccountAssignment")).toBe(0);
  });

  it("says so when the connector's role cannot be assumed", async () => {
    const access = await accessOf("alice", "another-external-id");
    await expect(strategy().inspect(access)).rejects.toMatchObject({
      name: workflowErrors.assumeRoleFailed,
    });
  });
});
