import { STSClient } from "@aws-sdk/client-sts";
import { createDirectory, createSessions } from "@curfew/aws";
import { memoryLog } from "@curfew/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  escalateRole,
  hub,
  startEndpoint,
  type TestEndpoint,
} from "../../packages/sandbox/src/aws/testing/endpoint.ts";
import { createManualClock } from "../../packages/sandbox/src/testing/manual-clock.ts";
import { acme, identityCenter } from "../support/acme.ts";
import { stagingReadOnly, subjectFor } from "../support/aws-sso.ts";

const engineers = "e4614ee2-0000-4000-8000-000000000011";
const approvers = "a4420e22-0000-4000-8000-000000000012";
/** The n-th group that was deleted. */
const deleted = (n: number): string => `04ca1100-0000-4000-8000-${String(n).padStart(12, "9")}`;

describe("the directory", () => {
  let endpoint: TestEndpoint;
  let log: ReturnType<typeof memoryLog>;
  let hanging: string[];

  beforeEach(async () => {
    hanging = [];
    log = memoryLog();
    endpoint = await startEndpoint({
      clock: createManualClock(Date.now()),
      inject: (_, call, run) =>
        hanging.includes(call.operation)
          ? new Promise(() => undefined)
          : Promise.resolve(run(call)),
    });
    vi.stubEnv("AWS_ENDPOINT_URL", endpoint.url);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await endpoint.close();
  });

  const directory = async () => {
    const role = { accountId: hub, roleArn: escalateRole, sessionName: "escalate" };
    const keys = endpoint.callers.issue(role, 3_600);
    const sts = new STSClient(endpoint.as(keys.accessKeyId, keys.sessionToken));
    const { access } = await subjectFor(endpoint, "bob", stagingReadOnly);
    return createDirectory(createSessions(sts), access.integration, acme.identityStoreId, log);
  };
  const bob = async () => ({
    id: await identityCenter(endpoint.url).userId("bob"),
    email: "bob@acme.example",
  });
  const lookUps = (): number =>
    endpoint.callLog.calls().filter(({ operation }) => operation === "IsMemberInGroups").length;
  const errors = () => log.entries.filter(({ level }) => level === "error");

  it("tells which of the groups a person is in, with one call", async () => {
    const groups = await (await directory()).groupsOf(await bob(), [engineers, approvers]);
    expect([...groups].sort()).toEqual([approvers, engineers]);
    expect(lookUps()).toBe(1);
    expect(errors()).toEqual([]);
  });

  it("counts nobody as a member of a group that was deleted, and names it in the log once", async () => {
    const asked = [deleted(1), engineers, deleted(2), approvers];
    const { groupsOf } = await directory();
    for (let time = 1; time <= 3; time += 1)
      expect([...(await groupsOf(await bob(), asked))].sort()).toEqual([approvers, engineers]);
    expect(errors().map(({ fields }) => fields.group)).toEqual([deleted(1), deleted(2)]);
  });

  it("finds one deleted group among 250 without a call for each", async () => {
    const many = Array.from({ length: 249 }, (_, n) => (n % 2 === 0 ? engineers : approvers));
    const { groupsOf } = await directory();
    expect((await groupsOf(await bob(), [...many, deleted(1)])).size).toBe(2);
    expect(lookUps()).toBeLessThan(20);
    const before = lookUps();
    await groupsOf(await bob(), [...many, deleted(1)]);
    expect(lookUps() - before).toBe(3);
  });

  it("counts everybody as a member of nothing where all groups were deleted", async () => {
    const { groupsOf } = await directory();
    expect(await groupsOf(await bob(), [deleted(1)])).toEqual(new Set());
    expect(await groupsOf(await bob(), [deleted(1)])).toEqual(new Set());
    expect(errors()).toHaveLength(1);
  });

  it("counts a user who was deleted as a member of nothing", async () => {
    const leaver = { id: deleted(3), email: "leaver@acme.example" };
    const { findPerson, groupsOf } = await directory();
    expect(await findPerson(leaver.email)).toBeUndefined();
    expect(await groupsOf(leaver, [engineers, approvers])).toEqual(new Set());
    expect(lookUps()).toBe(1);
    expect(errors()).toEqual([]);
  });

  it("does not take an identity store that is not there for an empty one", async () => {
    const { access } = await subjectFor(endpoint, "bob", stagingReadOnly);
    const keys = endpoint.callers.issue(
      { accountId: hub, roleArn: escalateRole, sessionName: "escalate" },
      3_600,
    );
    const sts = new STSClient(endpoint.as(keys.accessKeyId, keys.sessionToken));
    const { groupsOf } = createDirectory(
      createSessions(sts),
      access.integration,
      "d-0000000000",
      log,
    );
    await expect(groupsOf(await bob(), [engineers])).rejects.toThrow("IDENTITY_STORE");
  });

  it("gives up on a directory that hangs, well within a caller's call", async () => {
    const person = await bob();
    const { findPerson, groupsOf } = await directory();
    const withoutSession = await directory();
    await findPerson(person.email);
    hanging = ["IsMemberInGroups", "GetUserId", "AssumeRole"];
    const begun = Date.now();
    const asked = [
      findPerson(person.email),
      groupsOf(person, [engineers]),
      withoutSession.findPerson(person.email),
    ];
    for (const answer of await Promise.allSettled(asked))
      expect(answer).toMatchObject({ reason: { name: "ServiceUnavailable" } });
    expect(Date.now() - begun).toBeLessThan(5_500);
  }, 10_000);
});
