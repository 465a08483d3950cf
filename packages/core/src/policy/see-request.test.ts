import { describe, expect, it } from "vitest";
import { aConfig, alice, aRequest, bob } from "../testing/index.ts";
import { maySee, standingOf } from "./see-request.ts";

const config = aConfig();

describe("what a person is to a request", () => {
  it("is the requester by the immutable id, whatever became of the e-mail address", () => {
    const renamed = { ...alice, email: "alice.smith@acme.example" };
    expect(standingOf(config, aRequest(), renamed, new Set()).requester).toBe(true);
    const successor = { ...bob, email: alice.email };
    expect(standingOf(config, aRequest(), successor, new Set()).requester).toBe(false);
  });

  it("is an approver by a group that approves the flow", () => {
    expect(standingOf(config, aRequest(), bob, new Set(["approvers"])).approver).toBe(true);
    expect(standingOf(config, aRequest(), bob, new Set(["engineers"])).approver).toBe(false);
  });

  it("is no approver where nobody needs to approve, or the flow is configured no more", () => {
    for (const name of ["self-service", "removed", "constructor"]) {
      const request = aRequest({ flow: { name, version: "1.0.0" } });
      expect(standingOf(config, request, bob, new Set(["approvers"])).approver).toBe(false);
    }
  });

  it("decides who sees it: the requester and the approvers", () => {
    expect(maySee({ requester: true, approver: false })).toBe(true);
    expect(maySee({ requester: false, approver: true })).toBe(true);
    expect(maySee({ requester: false, approver: false })).toBe(false);
  });
});
