import { describe, expect, it } from "vitest";
import type { Config } from "../config/schema.ts";
import type { Request } from "../request/request.ts";
import { aConfig, aConfigInput, anAccess, aRequest, type FlowInput } from "../testing/index.ts";
import { decideGrant } from "./decide-grant.ts";

const engineers = new Set(["engineers"]);
const input = aConfigInput();
const { production } = input.flows;
const target = input.targets["prod-readonly"];
if (production === undefined || target === undefined) throw new Error("The builder has changed.");

const withFlow = (given: Partial<FlowInput>): Config =>
  aConfig({ flows: { production: { ...production, ...given } } });
const withTarget = (given: Partial<typeof target>): Config =>
  aConfig({ targets: { ...input.targets, "prod-readonly": { ...target, ...given } } });

/** Why nothing is granted; undefined if it is. */
const refusal = (config: Config, groups = engineers, request: Partial<Request> = {}) => {
  const decision = decideGrant(config, groups, aRequest(request));
  return decision.allowed ? undefined : decision.reason;
};

describe("deciding again at the moment of granting", () => {
  it("allows what is still allowed", () => {
    expect(refusal(aConfig())).toBeUndefined();
    expect(refusal(aConfig(), engineers, { duration: 28_800 })).toBeUndefined();
  });

  it.each<[string, Config, string]>([
    ["the flow is gone", aConfig({ flows: {} }), "There is no flow production."],
    [
      "the flow has lost the target",
      withFlow({ targets: ["staging-power"] }),
      "The flow production has no target prod-readonly.",
    ],
    [
      "the target is gone",
      aConfig({ targets: {} }),
      "The flow production has no target prod-readonly.",
    ],
    [
      "the target stands for another account",
      withTarget({ settings: { account: "other", permission: "readonly" } }),
      "The target prod-readonly stands for something else now.",
    ],
    [
      "the target is of another type",
      withTarget({ type: "other" }),
      "The target prod-readonly stands for something else now.",
    ],
    [
      "the duration is no longer allowed",
      withFlow({ duration: { max: "59m" } }),
      "The duration must be at most 59m.",
    ],
  ])("refuses when %s", (_, config, reason) => {
    expect(refusal(config)).toBe(reason);
  });

  it("refuses a requester who may no longer ask", () => {
    expect(refusal(aConfig(), new Set())).toBe("You may not ask for production.");
    expect(refusal(withFlow({ requesters: "everyone" }), new Set())).toBeUndefined();
  });

  it("does not ask again whether who approved is still an approver", () => {
    expect(refusal(withFlow({ approvers: { groups: ["others"] } }))).toBeUndefined();
  });

  it("refuses what nobody approved where an approval is needed by now", () => {
    expect(refusal(aConfig(), engineers, { approvals: [] })).toBe(
      "The flow production needs an approval now.",
    );
    const { approvers: _, ...free } = production;
    const config = aConfig({ flows: { production: free } });
    expect(refusal(config, engineers, { approvals: [] })).toBeUndefined();
  });

  it("minds neither another label, nor the order of settings, nor another way to the account", () => {
    expect(refusal(withTarget({ label: "Look around" }))).toBeUndefined();
    const settings = { permission: "readonly", account: "prod" };
    expect(refusal(withTarget({ settings }))).toBeUndefined();
    const integration = { ...anAccess().integration, roleArn: "arn:aws:iam::1:role/other" };
    const access = anAccess({ integration });
    expect(refusal(aConfig(), engineers, { access })).toBeUndefined();
  });
});
