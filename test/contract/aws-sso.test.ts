import { WorkflowError, workflowErrors } from "@curfew/core";
import { memoryLog } from "@curfew/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  startEndpoint,
  type TestEndpoint,
} from "../../packages/sandbox/src/aws/testing/endpoint.ts";
import { createFaults, type Faults } from "../../packages/sandbox/src/faults/faults.ts";
import { createInject } from "../../packages/sandbox/src/faults/inject.ts";
import { createManualClock } from "../../packages/sandbox/src/testing/manual-clock.ts";
import { acme, identityCenter } from "../support/acme.ts";
import { anAttempt } from "../support/attempt.ts";
import { awsSso, stagingReadOnly, subjectFor } from "../support/aws-sso.ts";

const oncall = { group_id: acme.oncall };

describe("strategy aws_sso", () => {
  let endpoint: TestEndpoint;
  let faults: Faults;

  beforeEach(async () => {
    const clock = createManualClock(Date.now());
    faults = createFaults({ clock });
    const inject = createInject({ faults, clock, kill: async () => {} });
    endpoint = await startEndpoint({ clock, inject });
    // The strategy makes its own clients, which find the endpoint as they do in the sandbox.
    vi.stubEnv("AWS_ENDPOINT_URL", endpoint.url);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await endpoint.close();
  });

  const strategy = () => awsSso(endpoint);
  const subjectOf = (name: string, externalId?: string) =>
    subjectFor(endpoint, name, stagingReadOnly, externalId);

  const calls = (operation: string): number =>
    endpoint.callLog.calls().filter((call) => call.operation === operation).length;

  const look = { service: "sso", operation: "DescribePermissionSet" };

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
    // The id of the creation is stored, and removed once the creation has ended.
    expect(attempt.remembered).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(attempt.pending).toEqual([]);
  });

  it("leaves no socket open behind a request", async () => {
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
    const subject = await subjectOf("alice");
    const group = { name: "oncall", type: "aws_sso_group", label: "Oncall", settings: oncall };
    const member = await subjectFor(endpoint, "alice", group);
    // The sessions' own client keeps its connection.
    await strategy().inspect(subject);
    const before = sockets();
    const shared = strategy();
    for (let request = 0; request < 10; request += 1) {
      await shared.inspect(subject);
      await shared.inspect(member);
    }
    await vi.waitFor(() => expect(sockets()).toBeLessThanOrEqual(before + 4));
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
      answered: (operation) => {
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
      answered: () => {
        throw new WorkflowError(workflowErrors.leaseBusy, "the invocation ended here");
      },
    });
    await expect(strategy().escalate(subject, forgetful)).rejects.toThrow("ended here");
    expect(forgetful.unanswered).toHaveLength(1);
    await strategy().deescalate(subject, forgetful);
    expect(await listed("alice")).toBe(false);
  });

  it("explains no unanswered creation by access that another creation may have given", async () => {
    const subject = await subjectOf("alice");
    const unanswered = [new Date().toISOString()];
    const attempt = anAttempt({ unanswered });
    await strategy().escalate(subject, attempt);
    await strategy().escalate(subject, attempt);
    expect(attempt.unanswered).toEqual(unanswered);
  });

  it("counts the creations of this assignment in Identity Center's own record", async () => {
    const subject = await subjectOf("alice");
    const from = endpoint.clock.now();
    await strategy().escalate(subject, anAttempt());
    await strategy().escalate(await subjectOf("bob"), anAttempt());
    const until = endpoint.clock.now();
    const { creationsWithin } = strategy();
    const sent = from;
    expect(await creationsWithin?.(subject, { sent, released: from, until })).toBe(1);
    const later = { sent, released: until + 1, until: until + 60_000 };
    expect(await creationsWithin?.(subject, later)).toBe(0);
  });

  it("has a creation of its own where an earlier one has failed", async () => {
    const subject = await subjectOf("alice");
    const nobody = {
      ...subject.access,
      person: { id: crypto.randomUUID(), email: "x@acme.example" },
    };
    const failing = anAttempt({
      answered: (operation) => {
        throw new WorkflowError(workflowErrors.leaseBusy, operation);
      },
    });
    const failed = await strategy()
      .escalate({ ...subject, access: nobody }, failing)
      .catch((error: Error) => error.message);
    await strategy().escalate(subject, anAttempt({ pending: [String(failed)] }));
    expect(await listed("alice")).toBe(true);
  });

  it("looks for creations only if the id of one was lost: others' may be many", async () => {
    const subject = await subjectOf("alice");
    await strategy().escalate(subject, anAttempt());
    await strategy().deescalate(subject, anAttempt());
    expect(calls("ListAccountAssignmentCreationStatus")).toBe(0);
    const unanswered = [new Date().toISOString()];
    await strategy().deescalate(subject, anAttempt({ unanswered }));
    expect(calls("ListAccountAssignmentCreationStatus")).toBe(1);
  });

  it("does not look again for what was just found absent", async () => {
    const subject = await subjectOf("alice");
    await strategy().escalate(subject, anAttempt({ absent: true }));
    const [first] = endpoint.callLog.calls().filter(({ service }) => service === "sso");
    expect(first?.operation).toBe("CreateAccountAssignment");
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

  it("does not believe a List that may show what was taken away a moment ago", async () => {
    const subject = await subjectOf("alice");
    await strategy().escalate(subject, anAttempt());
    await strategy().escalate(subject, anAttempt());
    expect(calls("CreateAccountAssignment")).toBe(1);
    await strategy().escalate(subject, anAttempt({ mayBeLag: true }));
    expect(calls("CreateAccountAssignment")).toBe(2);
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
      mayChange: () => {
        throw new WorkflowError(workflowErrors.grantRefused, "too late");
      },
    });
    const subject = await subjectOf("alice");
    await expect(strategy().escalate(subject, refuse)).rejects.toThrow("too late");
    await expect(strategy().deescalate(subject, refuse)).rejects.toThrow("too late");
    expect(calls("CreateAccountAssignment") + calls("DeleteAccountAssignment")).toBe(0);
  });

  it("has its session before it asks whether it may change anything", async () => {
    const subject = await subjectOf("alice");
    const asked: number[] = [];
    const attempt = anAttempt({
      absent: true,
      mayChange: () => void asked.push(calls("AssumeRole")),
    });
    await strategy().escalate(subject, attempt);
    expect(asked).toEqual([1]);
  });

  it("learns how long sessions last only when the access is there", async () => {
    const answer = await strategy().escalate(await subjectOf("alice"), anAttempt());
    expect(answer.sessionSeconds).toBe(3_600);
    expect(endpoint.callLog.calls().at(-1)?.operation).toBe("DescribePermissionSet");
    const powerUser = { ...stagingReadOnly.settings, permission_set_arn: acme.powerUser };
    const target = { ...stagingReadOnly, settings: powerUser };
    const subject = await subjectFor(endpoint, "bob", target);
    expect(await strategy().escalate(subject, anAttempt())).toEqual({ sessionSeconds: 14_400 });
  });

  it("learns it once for many who are given the same, and again after five minutes", async () => {
    const kept = strategy();
    await kept.escalate(await subjectOf("alice"), anAttempt());
    const again = await kept.escalate(await subjectOf("bob"), anAttempt());
    expect(again.sessionSeconds).toBe(3_600);
    expect(calls("DescribePermissionSet")).toBe(1);
    await endpoint.clock.advance(5 * 60_000);
    await kept.escalate(await subjectOf("erin"), anAttempt());
    expect(calls("DescribePermissionSet")).toBe(2);
  });

  it.each(["throttled", "internal", "AccessDeniedException"])(
    "gives the access all the same when that is not to be learned (%s), and takes it for the longest",
    async (error) => {
      const log = memoryLog();
      faults.add({ ...look, error, when: "before", times: null });
      const subject = await subjectOf("alice");
      const answer = await awsSso(endpoint, log).escalate(subject, anAttempt());
      expect(answer.sessionSeconds).toBe(12 * 3_600);
      expect(calls("DescribePermissionSet")).toBe(1);
      expect(log.entries).toMatchObject([
        { level: "warn", fields: { target: "staging-readonly" } },
      ]);
      expect(await listed("alice")).toBe(true);
    },
  );

  it("waits no longer than two seconds for that", async () => {
    faults.add({ ...look, latency: 600_000, when: "before", times: 1 });
    const subject = await subjectOf("alice");
    const begun = Date.now();
    const answer = await strategy().escalate(subject, anAttempt());
    expect(answer.sessionSeconds).toBe(12 * 3_600);
    expect(Date.now() - begun).toBeLessThan(8_000);
  });

  it("does not keep in mind that it could not be learned", async () => {
    const kept = strategy();
    faults.add({ ...look, error: "throttled", when: "before", times: 1 });
    await kept.escalate(await subjectOf("alice"), anAttempt());
    const again = await kept.escalate(await subjectOf("bob"), anAttempt());
    expect(again.sessionSeconds).toBe(3_600);
  });

  it("says so when the connector's role cannot be assumed", async () => {
    const subject = await subjectOf("alice", "another-external-id");
    await expect(strategy().inspect(subject)).rejects.toMatchObject({
      name: workflowErrors.assumeRoleFailed,
      message: expect.stringMatching(
        /^The role arn:aws:iam::111111111111:role\/curfew\/CurfewIdentityCenter cannot be assumed: .* formerIntegrations /,
      ),
    });
  });
});
