import { describe, expect, it } from "vitest";
import {
  DeescalateInput,
  DeescalateResult,
  EscalateResult,
  TaskInput,
  TimeoutSeconds,
  TokenTaskInput,
  WorkflowInput,
} from "./schemas.ts";
import { anInput } from "./testing/fixtures.ts";

const aTaskInput = (): Record<string, unknown> => ({
  input: anInput(),
  execution: "req_01JD0000000000000000000000.0",
  enteredAt: "2026-01-01T00:00:00.000Z",
});

describe("the input of an execution", () => {
  it("accepts a request, its number and where to enter", () => {
    expect(WorkflowInput.parse(anInput({ enter: "approval" })).enter).toBe("approval");
  });

  it.each([
    ["an unknown key", { extra: 1 }],
    ["another version", { version: 2 }],
    ["an unknown entry", { enter: "approved" }],
    ["a request that is no request id", { request: "01JD" }],
    ["a negative number", { k: -1 }],
    ["no time to approve", { seconds: 0 }],
    ["a start that is no time", { startAt: "tomorrow" }],
    ["a strategy that is no name", { strategy: "aws_sso:1" }],
  ])("refuses %s", (_, wrong) => {
    expect(WorkflowInput.safeParse({ ...anInput(), ...wrong }).success).toBe(false);
  });
});

describe("the input of a task", () => {
  it("ignores what earlier states and other versions of the definition left", () => {
    const { startAt: _, ...read } = anInput();
    const input = { ...anInput(), expiry: { seconds: 5 }, minute: { seconds: 1 }, later: true };
    expect(TaskInput.parse({ ...aTaskInput(), input, more: true }).input).toEqual(read);
  });

  it("is refused without the time the state was entered", () => {
    expect(TaskInput.safeParse({ ...aTaskInput(), enteredAt: undefined }).success).toBe(false);
  });

  it("of a wait has a token", () => {
    const wait = { ...aTaskInput(), state: "Wait for expiry", token: "AAAA" };
    expect(TokenTaskInput.safeParse(wait).success).toBe(true);
    expect(TokenTaskInput.safeParse({ ...wait, token: "" }).success).toBe(false);
  });

  it("of Deescalate may say what went wrong before", () => {
    const error = { Error: "EscalationFailed", Cause: "no such permission set" };
    const parsed = DeescalateInput.parse({ ...aTaskInput(), input: { ...anInput(), error } });
    expect(parsed.input.error).toEqual(error);
    expect(DeescalateInput.parse(aTaskInput()).input.error).toBeUndefined();
  });
});

describe("seconds", () => {
  it.each([1, 60, 99_999_999])("may be %d", (seconds) => {
    expect(TimeoutSeconds.safeParse(seconds).success).toBe(true);
    expect(EscalateResult.safeParse({ seconds }).success).toBe(true);
  });

  it.each([0, -1, 1.5, 100_000_000, "60"])("may not be %j", (seconds) => {
    expect(TimeoutSeconds.safeParse(seconds).success).toBe(false);
    expect(DeescalateResult.safeParse({ due: true, seconds }).success).toBe(false);
  });
});
