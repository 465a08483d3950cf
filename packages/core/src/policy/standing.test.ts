import { describe, expect, it } from "vitest";
import { aConfig, alice, aRequest, bob, carol } from "../testing/index.ts";
import { groupsOfStanding, standingOf } from "./standing.ts";

const config = aConfig({ admins: { groups: ["admins"] }, auditors: { groups: ["auditors"] } });
const nobody = { requester: false, approver: false, admin: false, auditor: false };

describe("what a person is to a request", () => {
  it("is the requester by the immutable id, whatever became of the e-mail address", () => {
    const renamed = { ...alice, email: "alice.smith@acme.example" };
    expect(standingOf(config, aRequest(), renamed, new Set()).requester).toBe(true);
    const successor = { ...bob, email: alice.email };
    expect(standingOf(config, aRequest(), successor, new Set()).requester).toBe(false);
  });

  it.each([
    ["approvers", { ...nobody, approver: true }],
    ["admins", { ...nobody, admin: true }],
    ["auditors", { ...nobody, auditor: true }],
    ["engineers", nobody],
  ])("follows from being in the group %s", (group, expected) => {
    expect(standingOf(config, aRequest(), carol, new Set([group]))).toEqual(expected);
  });

  it("is no approver where nobody needs to approve, or the flow is configured no more", () => {
    for (const name of ["self-service", "removed", "constructor"]) {
      const request = aRequest({ flow: { name, version: "1.0.0" } });
      expect(standingOf(config, request, bob, new Set(["approvers"]))).toEqual(nobody);
      expect(groupsOfStanding(config, [name])).toEqual(["admins", "auditors"]);
    }
  });

  it("needs every group once that some flow names, and those of admins and auditors anyway", () => {
    const groups = groupsOfStanding(config, ["production", "self-service", "production"]);
    expect(groups.toSorted()).toEqual(["admins", "approvers", "auditors"]);
    expect(groupsOfStanding(config, [])).toEqual(["admins", "auditors"]);
  });

  it("needs no group where the configuration names none", () => {
    expect(groupsOfStanding(aConfig(), ["self-service"])).toEqual([]);
    expect(groupsOfStanding(aConfig(), [])).toEqual([]);
  });
});
