import { beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../store.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import { acme } from "../acme.ts";
import type { Assignment } from "../organization.ts";
import type { Call, Service } from "../service.ts";
import { createAssignments } from "./assignments.ts";
import { limitRate, relaxed, strict } from "./limits.ts";

let clock: ManualClock;
beforeEach(() => {
  clock = createManualClock();
});

const call: Call = {
  operation: "ListInstances",
  input: {},
  caller: { accountId: "111111111111", arn: "arn", administrator: true },
  region: "us-east-1",
};
const service: Service = {
  signingName: "sso",
  operations: { ListInstances: () => "listed", ListPermissionSets: () => "listed" },
};

describe("the rate of calls", () => {
  it("is 20 in any second over all operations when strict, and refused calls do not count", async () => {
    const { operations } = limitRate(service, strict, clock);
    const { ListInstances, ListPermissionSets } = operations;
    for (let count = 0; count < 10; count += 1) ListInstances?.(call);
    await clock.advance(500);
    for (let count = 0; count < 10; count += 1) ListPermissionSets?.(call);
    const refused = expect.objectContaining({ code: "ThrottlingException" });
    expect(() => ListInstances?.(call)).toThrow(refused);
    await clock.advance(499);
    expect(() => ListInstances?.(call)).toThrow(refused);
    await clock.advance(1);
    for (let count = 0; count < 10; count += 1) expect(ListInstances?.(call)).toBe("listed");
    expect(() => ListInstances?.(call)).toThrow(refused);
  });

  it("is not limited otherwise", () => {
    expect(limitRate(service, relaxed, clock)).toBe(service);
  });
});

describe("creations in progress", () => {
  const [permissionSet] = acme.permissionSets;
  const [user] = acme.users;
  const inAccount = (number: number): Assignment => ({
    accountId: String(900_000_000_000 + number),
    permissionSetArn: permissionSet?.arn ?? "",
    principalType: "USER",
    principalId: user?.id ?? "",
  });

  it("are ten at most when strict, over all accounts; deletions are not limited", async () => {
    const store = openStore(":memory:");
    const limits = strict;
    const assignments = createAssignments({ store, clock, organization: acme, limits });
    for (let number = 0; number < 10; number += 1) {
      assignments.begin("deletion", inAccount(100 + number));
      assignments.begin("creation", inAccount(number));
    }
    const refused = expect.objectContaining({ code: "ThrottlingException" });
    expect(() => assignments.begin("creation", inAccount(10))).toThrow(refused);
    assignments.begin("deletion", inAccount(200));
    await clock.advance(strict.provisioning);
    assignments.begin("creation", inAccount(10));
  });

  it("are still one change per account at a time", () => {
    const store = openStore(":memory:");
    const assignments = createAssignments({ store, clock, organization: acme, limits: strict });
    assignments.begin("creation", inAccount(1));
    const refused = expect.objectContaining({ code: "ConflictException" });
    expect(() => assignments.begin("deletion", inAccount(1))).toThrow(refused);
  });
});
