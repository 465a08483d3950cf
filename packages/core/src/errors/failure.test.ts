import { describe, expect, it } from "vitest";
import { failureOf, failureOfThrown, isContention } from "./failure.ts";
import { WorkflowError, workflowErrors } from "./workflow-errors.ts";

const role = "arn:aws:iam::555555555555:role/curfew/CurfewLambda";

describe("a failure", () => {
  it("tells people its code and a sentence, and operators its message", () => {
    const message = `The role ${role} cannot be assumed: AccessDenied`;
    expect(failureOf({ name: "AWS:ASSUME_ROLE_FAILED", message })).toEqual({
      error: "AWS:ASSUME_ROLE_FAILED: Curfew cannot assume its role in the target's account.",
      detail: `AWS:ASSUME_ROLE_FAILED: ${message}`,
    });
  });

  it.each(Object.values(workflowErrors))("has a sentence for %s", (name) => {
    const { error } = failureOf({ name, message: "Nothing may be granted: it is late." });
    expect(error).toMatch(/^[\w:]+: [A-Z].*\.$/);
    expect(error.startsWith(`${name}: `)).toBe(true);
  });

  it.each(Object.values(workflowErrors).filter((name) => name !== "GrantRefused"))(
    "never shows people the message of %s",
    (name) => {
      expect(failureOf({ name, message: role }).error).not.toContain("arn:");
    },
  );

  it("shows people no message of an error that is not Curfew's", () => {
    const error = new TypeError(`${role} is not a function`);
    expect(failureOfThrown(error)).toEqual({
      error: "TypeError: An operation failed. Its message is kept for the operators.",
      detail: `TypeError: ${role} is not a function`,
    });
    expect(failureOfThrown(role).error).toMatch(/^Error: An operation failed\./);
    expect(failureOf({ name: `No ${role}`, message: "" })).toEqual({
      error: "Error: An operation failed. Its message is kept for the operators.",
      detail: `No ${role}`,
    });
  });

  it("has room with the request", () => {
    const { error, detail } = failureOf({ name: "GrantRefused", message: "x".repeat(5_000) });
    expect([error.length, detail.length]).toEqual([1_000, 1_000]);
  });

  it("is contention where others are at work on the same access", () => {
    const contended = (name: "LeaseBusy" | "StillProvisioning" | "ServiceUnavailable") =>
      isContention(failureOfThrown(new WorkflowError(name, "")));
    expect(contended("LeaseBusy")).toBe(true);
    expect(contended("StillProvisioning")).toBe(true);
    expect(contended("ServiceUnavailable")).toBe(false);
  });
});
