import { STSClient } from "@aws-sdk/client-sts";
import { createSessions, createStrategy } from "@curfew/aws";
import { type Attempt, type Subject, WorkflowError, workflowErrors } from "@curfew/core";
import { aRequest } from "@curfew/core/testing";
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

  const subjectOf = async (name: string, externalId = "acme-curfew"): Promise<Subject> => {
    const access = {
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
    };
    return { access, request: aRequest({ access }) };
  };

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
    const subject = await subjectOf("alice");
    const attempt = anAttempt();
    expect(await strategy().inspect(subject)).toBe(false);
    await strategy().escalate(subject, attempt);
    expect(await strategy().inspect(subject)).toBe(true);
    expect(attempt.remembered).toHaveLength(1);
  });

  it("creates nothing a second time", async () => {
    const subject = await subjectOf("alice");
    await strategy().escalate(subject, anAttempt());
    await strategy().escalate(subject, anAttempt());
    expect(calls("CreateAccountAssignment")).toBe(1);
  });

  it("goes on with a creation that an earlier attempt began", async () => {
    const subject = await subjectOf("alice");
    const attempt = anAttempt({
      remember: async (operation) => {
        throw new WorkflowError(workflowErrors.leaseBusy, operation);
      },
    });
    const lost = await strategy()
      .escalate(subject, attempt)
      .catch((error: Error) => error.message);
    await strategy().escalate(subject, anAttempt({ pending: [String(lost)] }));
    expect(calls("CreateAccountAssignment")).toBe(1);
  });

  it("takes the access away and says so only when the service no longer lists it", async () => {
    const subject = await subjectOf("alice");
    await strategy().escalate(subject, anAttempt());
    await strategy().deescalate(subject, anAttempt());
    expect(await strategy().inspect(subject)).toBe(false);
  });

  it("waits out a creation whose id was lost before it takes the access away", async () => {
    const subject = await subjectOf("alice");
    const forgetful = anAttempt({
      remember: async () => {
        throw new WorkflowError(workflowErrors.leaseBusy, "the invocation ended here");
      },
    });
    await expect(strategy().escalate(subject, forgetful)).rejects.toThrow();
    await strategy().deescalate(subject, anAttempt());
    expect(await listed("alice")).toBe(false);
  });

  it("is done when there is nothing to take away", async () => {
    await strategy().deescalate(await subjectOf("alice"), anAttempt());
    expect(await listed("alice")).toBe(false);
  });

  it("touches nobody else's access", async () => {
    const subject = await subjectOf("alice");
    await strategy().escalate(subject, anAttempt());
    await strategy().deescalate(subject, anAttempt());
    expect(await listed("dave")).toBe(true);
  });

  it("waits while the account is being changed for somebody else", async () => {
    const [alice, bob] = await Promise.all([subjectOf("alice"), subjectOf("bob")]);
    await Promise.all([
      strategy().escalate(alice, anAttempt()),
      strategy().escalate(bob, anAttempt()),
    ]);
    expect(await listed("alice")).toBe(true);
    expect(await listed("bob")).toBe(true);
  });

  it("reports a creation that failed", async () => {
    const subject = await subjectOf("alice");
    const person = { id: crypto.randomUUID(), email: "x@acme.example" };
    const stranger = { ...subject, access: { ...subject.access, person } };
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
    const subject = await subjectOf("alice");
    await expect(strategy().escalate(subject, refuse)).rejects.toThrow("too late");
    await expect(strategy().deescalate(subject, refuse)).rejects.toThrow("too late");
    expect(calls("CreateAccountAssignment") + calls("DeleteAccountAssignment")).toBe(0);
  });

  it("says so when the connector's role cannot be assumed", async () => {
    const subject = await subjectOf("alice", "another-external-id");
    await expect(strategy().inspect(subject)).rejects.toMatchObject({
      name: workflowErrors.assumeRoleFailed,
    });
  });
});
