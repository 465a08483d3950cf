import type { Stranded } from "@curfew/core";
import { describe, expect, it } from "vitest";
import { reportOf } from "./report.ts";

const needs = { strategy: "aws_lambda", roleArn: "arn:aws:iam::555555555555:role/curfew/Gone" };
const request: Stranded = { kind: "request", id: "req_1", state: "active", needs };
const lease: Stranded = { kind: "lease", id: "req_1", state: "open", needs };

describe("what the check says", () => {
  it("is that nothing lacks a role", () => {
    expect(reportOf({ open: 2, stranded: [] })).toBe(
      "Everything can be ended: of 2 open requests and leases, none needs a role that the configuration lacks.",
    );
  });

  it("names what could not be ended, and each missing entry once", () => {
    expect(reportOf({ open: 3, stranded: [request, lease] })).toBe(
      `With this configuration Curfew could not end 2 of 3 open requests and leases:
  request req_1 (active): aws_lambda needs arn:aws:iam::555555555555:role/curfew/Gone
  lease req_1 (open): aws_lambda needs arn:aws:iam::555555555555:role/curfew/Gone
Add to formerIntegrations in curfew.config.ts, until nothing needs it any more:
  { type: "aws_lambda", roleArn: "arn:aws:iam::555555555555:role/curfew/Gone" },`,
    );
  });

  it("knows no entry for what cannot be read", () => {
    const unreadable: Stranded = { kind: "request", id: "req_2", state: "unreadable" };
    expect(reportOf({ open: 1, stranded: [unreadable] })).toBe(
      `With this configuration Curfew could not end 1 of 1 open requests and leases:
  request req_2 cannot be read: nobody can tell what it needs`,
    );
  });
});
