import { describe, expect, it } from "vitest";
import { errorCodes } from "./codes.ts";
import { CurfewError } from "./curfew-error.ts";
import { isWorkflowError, WorkflowError, workflowErrors } from "./workflow-errors.ts";

describe("an error that the workflow matches on", () => {
  it("keeps the names that stored definitions know", () => {
    expect(workflowErrors).toEqual({
      leaseBusy: "LeaseBusy",
      stillProvisioning: "StillProvisioning",
      serviceUnavailable: "ServiceUnavailable",
      grantRefused: "GrantRefused",
      escalationFailed: "EscalationFailed",
      deescalationFailed: "DeescalationFailed",
      assumeRoleFailed: "AWS:ASSUME_ROLE_FAILED",
      fatalFunctionError: "AWSLambda:FATAL_FUNCTION_ERROR",
      notApproved: "NotApproved",
      undecided: "Undecided",
      notYet: "NotYet",
    });
  });

  it("is known by its name, and passes on its cause", () => {
    const cause = new Error("ConflictException");
    const error = new WorkflowError("LeaseBusy", "Busy", { cause });
    expect([error.name, error.cause]).toEqual(["LeaseBusy", cause]);
    expect(isWorkflowError(error)).toBe(true);
    expect(isWorkflowError(error, "LeaseBusy")).toBe(true);
    expect(isWorkflowError(error, "Undecided")).toBe(false);
    expect(isWorkflowError(cause)).toBe(false);
  });
});

describe("an error for the caller", () => {
  it("has its code, and the problems of the input", () => {
    const problems = [{ path: "fields.ticket", message: "is missing" }];
    const error = new CurfewError("field.invalid", "No ticket", { problems });
    expect(error).toMatchObject({ name: "CurfewError", code: "field.invalid", problems });
    expect(new CurfewError("internal", "Oops").problems).toEqual([]);
  });

  it("has a code in dots and a title without one", () => {
    for (const [code, { title }] of Object.entries(errorCodes)) {
      expect(code).toMatch(/^[a-z-]+(\.[a-z-]+)?$/);
      expect(title).toMatch(/^[A-Z].*[a-z]$/);
    }
  });
});
