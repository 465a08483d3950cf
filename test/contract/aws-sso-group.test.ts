import { WorkflowError, workflowErrors } from "@curfew/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  startEndpoint,
  type TestEndpoint,
} from "../../packages/sandbox/src/aws/testing/endpoint.ts";
import { createManualClock } from "../../packages/sandbox/src/testing/manual-clock.ts";
import { anAttempt } from "../support/attempt.ts";
import { awsSso, subjectFor } from "../support/aws-sso.ts";

const groupId = "04ca1100-0000-4000-8000-000000000014";
const oncall = {
  name: "oncall",
  type: "aws_sso_group",
  label: "The pager",
  settings: { group_id: groupId },
};

/** Sessions may have been opened for as long as the longest lasts. */
const gone = { sessionSeconds: 12 * 3_600 };

describe("strategy aws_sso for groups", () => {
  let endpoint: TestEndpoint;

  beforeEach(async () => {
    endpoint = await startEndpoint({ clock: createManualClock(Date.now()) });
    vi.stubEnv("AWS_ENDPOINT_URL", endpoint.url);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await endpoint.close();
  });

  const subjectOf = (name: string) => subjectFor(endpoint, name, oncall);

  const calls = (operation: string): number =>
    endpoint.callLog.calls().filter((call) => call.operation === operation).length;

  it("adds a person to the group and keeps the membership's id", async () => {
    const subject = await subjectOf("alice");
    const attempt = anAttempt();
    expect(await awsSso(endpoint).inspect(subject)).toBe(false);
    await awsSso(endpoint).escalate(subject, attempt);
    expect(await awsSso(endpoint).inspect(subject)).toBe(true);
    expect(attempt.remembered).toHaveLength(1);
  });

  it("takes sessions for the longest, for nobody knows what the group may do", async () => {
    const answer = await awsSso(endpoint).escalate(await subjectOf("alice"), anAttempt());
    expect(answer).toEqual({ sessionSeconds: 12 * 3_600 });
  });

  it("adds nobody a second time", async () => {
    const subject = await subjectOf("alice");
    const attempt = anAttempt();
    await awsSso(endpoint).escalate(subject, attempt);
    await awsSso(endpoint).escalate(subject, attempt);
    expect(calls("CreateGroupMembership")).toBe(1);
  });

  it("does not believe a look-up that may show what was taken away a moment ago", async () => {
    const subject = await subjectOf("alice");
    await awsSso(endpoint).escalate(subject, anAttempt());
    const afterRemoval = awsSso(endpoint).escalate(subject, anAttempt({ mayBeLag: true }));
    await expect(afterRemoval).rejects.toMatchObject({ name: "LeaseBusy" });
    expect(calls("CreateGroupMembership")).toBe(2);
  });

  it("takes the membership away, and nobody else's", async () => {
    const subject = await subjectOf("alice");
    const attempt = anAttempt();
    await awsSso(endpoint).escalate(subject, attempt);
    expect(await awsSso(endpoint).deescalate(subject, attempt)).toEqual(gone);
    expect(await awsSso(endpoint).inspect(subject)).toBe(false);
    expect(await awsSso(endpoint).inspect(await subjectOf("dave"))).toBe(true);
  });

  it("counts a membership as standing that no creation of ours explains, and leaves it", async () => {
    const dave = await subjectOf("dave");
    const standing = { standing: true };
    expect(await awsSso(endpoint).escalate(dave, anAttempt())).toEqual(standing);
    expect(await awsSso(endpoint).deescalate(dave, anAttempt())).toEqual(standing);
    expect(calls("DeleteGroupMembership")).toBe(0);
  });

  it("takes away a membership whose creation got no answer", async () => {
    const subject = await subjectOf("alice");
    const forgetful = anAttempt({
      answered: () => {
        throw new WorkflowError(workflowErrors.leaseBusy, "the invocation ended here");
      },
    });
    await expect(awsSso(endpoint).escalate(subject, forgetful)).rejects.toThrow("ended here");
    expect(forgetful.pending).toEqual([]);
    await awsSso(endpoint).deescalate(subject, forgetful);
    expect(await awsSso(endpoint).inspect(subject)).toBe(false);
  });

  it("believes an absence after an unanswered creation only once look-ups would show it", async () => {
    const subject = await subjectOf("alice");
    const start = endpoint.clock.now();
    const unanswered = [new Date(start).toISOString()];
    const early = awsSso(endpoint).deescalate(subject, anAttempt({ unanswered }));
    await expect(early).rejects.toMatchObject({ name: "StillProvisioning" });
    endpoint.clock.advance(120_000);
    await awsSso(endpoint).deescalate(subject, anAttempt({ unanswered }));
    expect(calls("DeleteGroupMembership")).toBe(0);
  });

  it("is done when there is nothing to take away", async () => {
    await awsSso(endpoint).deescalate(await subjectOf("alice"), anAttempt());
    expect(calls("DeleteGroupMembership")).toBe(0);
  });

  it("forgives a membership that is gone already", async () => {
    const subject = await subjectOf("alice");
    const absent = anAttempt({ pending: [crypto.randomUUID()] });
    await expect(awsSso(endpoint).deescalate(subject, absent)).resolves.toEqual(gone);
  });

  it("makes no changing call when the attempt may not", async () => {
    const refuse = anAttempt({
      mayChange: () => {
        throw new WorkflowError(workflowErrors.grantRefused, "too late");
      },
    });
    await refuse.remember("membership-1");
    const subject = await subjectOf("alice");
    await expect(awsSso(endpoint).escalate(subject, refuse)).rejects.toThrow("too late");
    await expect(awsSso(endpoint).deescalate(subject, refuse)).rejects.toThrow("too late");
    expect(calls("CreateGroupMembership") + calls("DeleteGroupMembership")).toBe(0);
  });
});
