import { describe, expect, it } from "vitest";
import type { FlowInput } from "../testing/index.ts";
import { aConfig, aConfigInput, alice, mallory } from "../testing/index.ts";
import { decideRequest, groupsOfRequesters, mayAsk, RequestBody } from "./decide-request.ts";

const engineer = { person: alice, groups: new Set(["engineers"]) };
const stranger = { person: mallory, groups: new Set<string>() };

const body = (given: Record<string, unknown> = {}): RequestBody =>
  RequestBody.parse({
    flow: "production",
    target: "prod-readonly",
    duration: "30m",
    reason: "Incident 42",
    ...given,
  });

/** The code with which the request is refused, and where; or that it is allowed. */
const decide = (given: Record<string, unknown> = {}, asker = engineer, config = aConfig()) => {
  const decision = decideRequest(config, asker, body(given));
  if (decision.allowed) return "allowed";
  const { code, path } = decision.refusal;
  return path === undefined ? code : `${code} at ${path}`;
};

const withFlow = (flow: FlowInput) =>
  aConfig({ flows: { ...aConfigInput().flows, production: flow } });

const production = aConfigInput().flows.production;
if (production === undefined) throw new Error("There is no flow production.");

describe("deciding on a request", () => {
  it("allows what the flow's rules allow, with a snapshot of all that it takes to end it", () => {
    const decision = decideRequest(aConfig(), engineer, body());
    expect(decision).toMatchObject({
      allowed: true,
      duration: 1_800,
      flow: { version: "1.0.0" },
      access: {
        strategy: "fake",
        integration: {
          name: "identity-center",
          externalId: "acme-curfew",
          settings: { instance: "main" },
        },
        target: {
          name: "prod-readonly",
          label: "ReadOnly on prod",
          settings: { account: "prod", permission: "readonly" },
        },
        person: alice,
      },
    });
  });

  it("labels a target that has no label with its name", () => {
    const decision = decideRequest(
      aConfig(),
      stranger,
      body({ flow: "self-service", target: "staging-power", duration: "1h" }),
    );
    expect(decision.allowed && decision.access.target.label).toBe("staging-power");
  });

  it("knows no other flows than the configured ones", () => {
    expect(decide({ flow: "nothing" })).toBe("flow.not-found at flow");
  });

  it.each(["constructor", "__proto__", "toString"])("has no flow %s", (flow) => {
    expect(decide({ flow })).toBe("flow.not-found at flow");
  });

  it("lets those ask whom the flow names, and nobody else", () => {
    expect(decide()).toBe("allowed");
    expect(decide({}, stranger)).toBe("flow.not-allowed");
  });

  it("lets everyone ask where the flow says so", () => {
    expect(decide({ flow: "self-service", duration: "1h" }, stranger)).toBe("allowed");
  });

  it("gives a flow's own targets only, although the configuration has others", () => {
    expect(decide({ target: "staging-power" })).toBe("flow.target-not-found at target");
    expect(decide({ target: "nothing" })).toBe("flow.target-not-found at target");
  });

  it("refuses fields that the flow does not have", () => {
    expect(decide({ fields: { ticket: "OPS-1" } })).toBe("field.invalid at fields.ticket");
  });

  it("wants a reason where the flow does not say otherwise; blanks are none", () => {
    expect(decide({ reason: "" })).toBe("flow.reason-required at reason");
    expect(decide({ reason: " \n" })).toBe("flow.reason-required at reason");
    expect(decide({ flow: "self-service", duration: "1h", reason: "" })).toBe("allowed");
  });

  it("allows durations up to the flow's maximum", () => {
    expect(decide({ duration: "8h" })).toBe("allowed");
    expect(decide({ duration: "28801s" })).toBe("flow.duration-not-allowed at duration");
  });

  it("offers 30s, 10m and 1h where a flow says nothing about durations", () => {
    const selfService = { flow: "self-service" };
    for (const duration of ["30s", "10m", "1h", "60m", "3600s"])
      expect(decide({ ...selfService, duration })).toBe("allowed");
    expect(decide({ ...selfService, duration: "30m" })).toBe(
      "flow.duration-not-allowed at duration",
    );
  });

  it("says what would be allowed", () => {
    const decision = decideRequest(aConfig(), engineer, body({ duration: "2d" }));
    expect(decision).toMatchObject({ refusal: { message: "The duration must be at most 8h." } });
    const listed = withFlow({ ...production, duration: { options: ["90s", "1mo"] } });
    expect(decideRequest(listed, engineer, body())).toMatchObject({
      refusal: { message: "The duration must be one of 90s, 30d." },
    });
  });
});

describe("the body of a request", () => {
  const refused = (given: Record<string, unknown>): boolean =>
    !RequestBody.safeParse({ flow: "f", target: "t", duration: "1h", ...given }).success;

  it("needs no reason and no fields to be well-formed", () => {
    expect(RequestBody.parse({ flow: "f", target: "t", duration: "1h" })).toEqual({
      flow: "f",
      target: "t",
      duration: "1h",
      reason: "",
      fields: {},
    });
  });

  it.each([
    ["a requester: nobody asks for somebody else", { requester: "bob@acme.example" }],
    ["no flow", { flow: undefined }],
    ["an endless flow", { flow: "f".repeat(65) }],
    ["a number for a duration", { duration: 3_600 }],
    ["a duration without a unit", { duration: "3600" }],
    ["a reason longer than 2,000 characters", { reason: "r".repeat(2_001) }],
    ["a field named at too great length", { fields: { [`f${"f".repeat(64)}`]: 1 } }],
    ["fields that are a list", { fields: [] }],
  ])("is refused with %s", (_, given) => {
    expect(refused(given)).toBe(true);
  });

  it("is accepted at each of its limits", () => {
    const limits = {
      flow: "f".repeat(64),
      reason: "r".repeat(2_000),
      fields: { ["f".repeat(64)]: null },
    };
    expect(refused(limits)).toBe(false);
  });
});

describe("who may ask for a flow", () => {
  const { production: rules, "self-service": open } = aConfig().flows;

  it("is in one of its groups, or anybody", () => {
    expect(rules && mayAsk(rules, new Set(["others", "engineers"]))).toBe(true);
    expect(rules && mayAsk(rules, new Set(["approvers"]))).toBe(false);
    expect(open && mayAsk(open, new Set())).toBe(true);
  });

  it("is decided by the groups that its rules name", () => {
    expect(rules && groupsOfRequesters(rules)).toEqual(["engineers"]);
    expect(open && groupsOfRequesters(open)).toEqual([]);
  });
});
