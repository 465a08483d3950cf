import { describe, expect, it } from "vitest";
import { faultSchema } from "./fault.ts";

const Fault = faultSchema({
  operations: new Map([
    ["sso", ["ListAccountAssignments", "DeleteAccountAssignment"]],
    ["lambda", ["Invoke"]],
  ]),
  lagging: new Map([["sso", ["ListAccountAssignments"]]]),
  functions: [
    "curfew-sandbox-escalate-aws_sso",
    "curfew-sandbox-deescalate-aws_sso",
    "curfew-sandbox-expire",
    "db-admin",
  ],
  prefix: "curfew-sandbox-",
});

const deletion = { service: "sso", operation: "DeleteAccountAssignment" };
const delivery = { service: "lambda", operation: "Enqueue" };

describe("a fault", () => {
  it("strikes once, before the effect, unless it says otherwise", () => {
    expect(Fault.parse({ ...deletion, error: "throttled" })).toEqual({
      ...deletion,
      error: "throttled",
      when: "before",
      times: 1,
    });
  });

  it.each([
    { ...deletion, error: "ConflictException", when: "after", times: null },
    { ...deletion, latency: 2_000 },
    { ...deletion, kill: true, function: "expire" },
    { ...deletion, operation: "*", error: "internal", times: 3 },
    { ...deletion, latency: 60_000, lasting: 60_000, times: 2 },
    { ...deletion, drop: true, when: "after" },
    { ...deletion, drop: true, latency: 5_000, function: ["expire", "db-admin"] },
    { service: "sso", operation: "ListAccountAssignments", lag: 15_000 },
    { service: "sso", operation: "*", lag: 15_000, function: "escalate", lasting: 60_000 },
    { ...delivery, duplicate: true },
    { ...delivery, duplicate: true, latency: 60_000, function: "expire" },
  ])("may be %j", (fault) => {
    expect(Fault.safeParse(fault)).toMatchObject({ success: true });
  });

  it.each([
    ["escalate", ["curfew-sandbox-escalate-aws_sso"]],
    ["escalate-aws_sso", ["curfew-sandbox-escalate-aws_sso"]],
    ["curfew-sandbox-expire", ["curfew-sandbox-expire"]],
    ["db-admin", ["db-admin"]],
  ])("means by the function %s %j", (name, functions) => {
    const fault = Fault.parse({ ...deletion, error: "internal", function: name });
    expect(fault).toMatchObject({ functions });
    expect(fault).not.toHaveProperty("function");
  });

  it("means each of several functions", () => {
    const fault = Fault.parse({ ...deletion, error: "internal", function: ["escalate", "expire"] });
    expect(fault).toMatchObject({
      functions: ["curfew-sandbox-escalate-aws_sso", "curfew-sandbox-expire"],
    });
  });

  it.each([
    { latency: 1, lasting: 1_000 },
    { operation: "*", lag: 1 },
  ])("that lasts strikes any number of calls: %j", (members) => {
    expect(Fault.parse({ ...deletion, ...members }).times).toBeNull();
  });

  it("knows services by the names of their SDK packages, too", () => {
    const fault = Fault.parse({ ...deletion, service: "sso-admin", error: "internal" });
    expect(fault).toMatchObject({ service: "sso" });
  });

  it.each([
    [{}, "service", "expected string"],
    [{ ...deletion, service: "iam", error: "internal" }, "service", "one of lambda, sso"],
    [
      { ...deletion, operation: "Delete", error: "internal" },
      "operation",
      "must be *, or one of ListAccountAssignments, DeleteAccountAssignment",
    ],
    [{ ...deletion, operation: "Enqueue", latency: 1 }, "operation", "must be *"],
    [deletion, "error", "needs error, kill, drop, latency, lag or duplicate"],
    [{ ...deletion, error: "no luck" }, "error", "the name of an exception"],
    [{ ...deletion, error: "internal", kill: true }, "kill", "cannot go with error"],
    [{ ...deletion, duplicate: true }, "duplicate", "the operation Enqueue only"],
    [{ ...delivery, error: "internal" }, "error", "not for Enqueue"],
    [{ ...delivery, kill: true }, "kill", "not for Enqueue"],
    [{ ...delivery, drop: true }, "drop", "not for Enqueue"],
    [{ ...deletion, drop: true, error: "internal" }, "drop", "cannot go with error"],
    [{ ...deletion, lag: 1 }, "lag", "is for *, ListAccountAssignments only"],
    [{ service: "lambda", operation: "*", lag: 1 }, "lag", "is for the services sso only"],
    [{ ...deletion, operation: "*", lag: 1, latency: 1 }, "lag", "goes with no other member"],
    [{ ...deletion, error: "internal", function: ["expire", "esc"] }, "function", "one of"],
    [{ ...deletion, error: "internal", when: "during" }, "when", "before"],
    [{ ...deletion, error: "internal", times: 0 }, "times", ">=1"],
    [{ ...deletion, latency: 0.5 }, "latency", "int"],
    [{ ...deletion, latency: 900_001 }, "latency", "900000"],
    [{ ...deletion, kill: false }, "kill", "true"],
    [{ ...deletion, error: "internal", function: "esc" }, "function", "must be one of"],
    [{ ...deletion, error: "internal", status: 500 }, "", "status"],
  ])("may not be %j", (fault, path, message) => {
    const issues = Fault.safeParse(fault).error?.issues ?? [];
    expect(issues).toContainEqual(
      expect.objectContaining({
        path: path === "" ? [] : [path],
        message: expect.stringContaining(message),
      }),
    );
  });
});
