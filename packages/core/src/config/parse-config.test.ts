import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { StrategyDefinition } from "../ports/strategy.ts";
import { aConfig, aConfigInput, type FlowInput, fakeDefinition } from "../testing/index.ts";
import { ConfigError, parseConfig } from "./parse-config.ts";
import type { ConfigInput } from "./schema.ts";

const other: StrategyDefinition = {
  name: "other",
  integrationSettings: z.strictObject({ instance: z.string() }),
  targetSettings: { other_thing: z.strictObject({}) },
  leaseKey: (_, requestId) => requestId,
};

/** Where there are problems, each with its rule; none if the configuration is valid. */
const problems = (input: unknown): string[] => {
  try {
    parseConfig(input, [fakeDefinition, other]);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
};

const config = aConfigInput();
const { production } = config.flows;
const { "identity-center": integration } = config.integrations;
if (production === undefined || integration === undefined)
  throw new Error("The builder has changed.");

const withFlow = (given: Partial<FlowInput>): ConfigInput => ({
  ...config,
  flows: { ...config.flows, production: { ...production, ...given } },
});
const withIntegration = (given: object): unknown => ({
  ...config,
  integrations: { "identity-center": { ...integration, ...given } },
});
const withTarget = (given: object): unknown => ({
  ...config,
  targets: {
    ...config.targets,
    "prod-readonly": {
      type: "fake_permission",
      settings: { account: "a", permission: "p" },
      ...given,
    },
  },
});

describe("a configuration", () => {
  it("is parsed, with what it leaves out", () => {
    const parsed = parseConfig(config, [fakeDefinition]);
    expect(parsed).toEqual(aConfig());
    expect(parsed.flows.production).toMatchObject({
      version: "1.0.0",
      approvers: { groups: ["approvers"] },
      duration: { max: 28_800 },
      reasonRequired: true,
      allowRevoke: true,
      scheduleDeescalation: true,
    });
    expect(parsed.flows["self-service"]?.duration).toEqual({ options: [30, 600, 3_600] });
  });

  it("says by whom it is approved when it says how", () => {
    const { approvers: _, ...unapproved } = production;
    for (const setting of [{ approvalTimeout: "1h" }, { allowSelfApproval: false }])
      expect(problems({ ...config, flows: { production: { ...unapproved, ...setting } } })).toEqual(
        [`flows.production.${Object.keys(setting)[0]}: goes with approvers only`],
      );
  });

  it("is extended to no less than what may be asked for at once", () => {
    const duration = { options: ["1h", "8h"] };
    expect(problems(withFlow({ duration, extendableTo: "8h" }))).toEqual([]);
    expect(problems(withFlow({ duration, extendableTo: "7h" }))).toEqual([
      "flows.production.extendableTo: must be at least 8h, the longest duration of the flow",
    ]);
  });

  it("may revoke only, or schedule only, but not neither", () => {
    expect(problems(withFlow({ allowRevoke: false }))).toEqual([]);
    expect(problems(withFlow({ scheduleDeescalation: false }))).toEqual([]);
    expect(problems(withFlow({ allowRevoke: false, scheduleDeescalation: false }))).toEqual([
      "flows.production: must allow revoking or schedule its deescalation, or both",
    ]);
  });

  it.each(["integrations", "strategies", "targets", "flows"] as const)(
    "names no two %s alike, case aside",
    (kind) => {
      const [name, value] = Object.entries(config[kind])[0] ?? [];
      const doubled = { ...config, [kind]: { ...config[kind], [`${name?.toUpperCase()}`]: value } };
      expect(problems(doubled)).toEqual([
        `${kind}.${name?.toUpperCase()}: the name is taken (case does not count)`,
      ]);
    },
  );

  it("uses strategies that there are", () => {
    const strategies = { sso: { type: "magic", integration: "identity-center" } };
    expect(problems({ ...config, strategies })).toEqual([
      "strategies.sso.type: there is no strategy magic, only fake, other",
    ]);
  });

  it("uses integrations that there are", () => {
    const strategies = { sso: { type: "fake", integration: "elsewhere" } };
    expect(problems({ ...config, strategies })).toEqual([
      "strategies.sso.integration: there is no integration elsewhere",
    ]);
  });

  it("gives an integration the settings that its strategy needs", () => {
    expect(problems(withIntegration({ settings: {} }))).toEqual([
      "integrations.identity-center.settings.instance: Invalid input: expected string, received undefined",
    ]);
  });

  describe("with former integrations", () => {
    const elsewhere = "arn:aws:iam::999999999999:role/curfew/Elsewhere";
    const problemsWith = (...formerIntegrations: unknown[]) =>
      problems({ ...config, formerIntegrations });

    it("keeps roles that nothing uses any more, one for each strategy that used them", () => {
      expect(parseConfig(config, [fakeDefinition]).formerIntegrations).toEqual([]);
      expect(
        problemsWith({ type: "fake", roleArn: elsewhere }, { type: "other", roleArn: elsewhere }),
      ).toEqual([]);
    });

    it("keeps a role that another strategy still uses, or the directory alone", () => {
      const { roleArn } = integration;
      expect(problemsWith({ type: "other", roleArn })).toEqual([]);
      const formerIntegrations = [{ type: "fake", roleArn }];
      expect(problems({ ...config, strategies: {}, flows: {}, formerIntegrations })).toEqual([]);
    });

    it("names no role that a strategy of the type still uses", () => {
      expect(problemsWith({ type: "fake", roleArn: integration.roleArn })).toEqual([
        "formerIntegrations.0.roleArn: a strategy of type fake still uses it",
      ]);
    });

    it("names none twice", () => {
      const former = { type: "fake", roleArn: elsewhere };
      expect(problemsWith(former, { ...former })).toEqual([
        "formerIntegrations.1: says the same as formerIntegrations.0",
      ]);
    });

    it("names strategies that there are", () => {
      expect(problemsWith({ type: "magic", roleArn: elsewhere })).toEqual([
        "formerIntegrations.0.type: there is no strategy magic, only fake, other",
      ]);
    });

    it("takes nothing but roles, and no settings", () => {
      const user = "arn:aws:iam::999999999999:user/x";
      expect(problemsWith({ type: "fake", roleArn: user })).toEqual([
        "formerIntegrations.0.roleArn: must be the ARN of an IAM role",
      ]);
      expect(problemsWith({ type: "fake", roleArn: elsewhere, externalId: "acme" })).toEqual([
        "formerIntegrations.0.externalId: is not known",
      ]);
    });
  });

  it("gives flows strategies that there are", () => {
    expect(problems(withFlow({ strategy: "nothing" }))).toEqual([
      "flows.production.strategy: there is no strategy nothing",
    ]);
  });

  it("gives flows targets that there are", () => {
    expect(problems(withFlow({ targets: ["prod-readonly", "nothing"] }))).toEqual([
      "flows.production.targets.1: there is no target nothing",
    ]);
  });

  it("gives flows targets that go with their strategy", () => {
    const strategies = { sso: { type: "other", integration: "identity-center" } };
    expect(problems({ ...config, strategies })[0]).toBe(
      "flows.production.targets.0: a target of type fake_permission does not go with strategy other",
    );
  });

  it("gives targets the settings that their type needs", () => {
    expect(problems(withTarget({ settings: { account: "a" } }))[0]).toBe(
      "targets.prod-readonly.settings.permission: Invalid input: expected string, received undefined",
    );
    expect(problems(withTarget({ settings: { account: "a", permission: "p", ttl: 1 } }))[0]).toBe(
      "targets.prod-readonly.settings.ttl: is not known",
    );
  });

  it("looks up callers through an integration that there is", () => {
    expect(problems({ ...config, directory: "elsewhere" })).toEqual([
      "directory: there is no integration elsewhere",
    ]);
  });

  it.each(["constructor", "toString"])("takes %s for no name of anything", (name) => {
    expect(problems({ ...config, directory: name })).toEqual([
      `directory: there is no integration ${name}`,
    ]);
    expect(problems(withFlow({ strategy: name }))).toEqual([
      `flows.production.strategy: there is no strategy ${name}`,
    ]);
    expect(problems(withFlow({ targets: [name] }))).toEqual([
      `flows.production.targets.0: there is no target ${name}`,
    ]);
    expect(
      problems({ ...config, strategies: { sso: { type: "fake", integration: name } } }),
    ).toEqual([`strategies.sso.integration: there is no integration ${name}`]);
    expect(problems(withTarget({ type: name }))[0]).toBe(
      `flows.production.targets.0: a target of type ${name} does not go with strategy fake`,
    );
  });

  it("is refused with every problem at once", () => {
    const input = {
      ...withFlow({ strategy: "nothing", allowRevoke: false, scheduleDeescalation: false }),
      directory: "elsewhere",
      strategies: { sso: { type: "magic", integration: "identity-center" } },
    };
    expect(problems(input)).toEqual([
      "strategies.sso.type: there is no strategy magic, only fake, other",
      "flows.production: must allow revoking or schedule its deescalation, or both",
      "flows.production.strategy: there is no strategy nothing",
      "directory: there is no integration elsewhere",
    ]);
    expect(() => parseConfig(input, [fakeDefinition])).toThrow(
      "The configuration is not valid:\n  strategies.sso.type: there is no strategy magic",
    );
  });
});

describe("a part of a configuration", () => {
  const cases: [string, unknown, string][] = [
    ["a key that nothing reads", { ...config, flow: {} }, "flow"],
    ["a name with a space", { ...config, organization: "Acme Inc" }, "organization"],
    [
      "an issuer that is no URL",
      { ...config, identity: { issuer: "acme", audience: "c" } },
      "identity.issuer",
    ],
    [
      "a role that is a user",
      withIntegration({ roleArn: "arn:aws:iam::111111111111:user/x" }),
      "integrations.identity-center.roleArn",
    ],
    [
      "an external id of one character",
      withIntegration({ externalId: "x" }),
      "integrations.identity-center.externalId",
    ],
    [
      "a region that is none",
      withIntegration({ region: "moon" }),
      "integrations.identity-center.region",
    ],
    [
      "a label of 56 characters",
      withTarget({ label: "l".repeat(56) }),
      "targets.prod-readonly.label",
    ],
    ["a version without three parts", withFlow({ version: "1.0" }), "flows.production.version"],
    ["a flow without targets", withFlow({ targets: [] }), "flows.production.targets"],
    [
      "a flow that nobody may ask for",
      withFlow({ requesters: { groups: [] } }),
      "flows.production.requesters.groups",
    ],
    [
      "an approval by nobody",
      withFlow({ approvers: { groups: [] } }),
      "flows.production.approvers.groups",
    ],
    [
      "an approval that may take more than 300 days",
      withFlow({ approvalTimeout: "301d" }),
      "flows.production.approvalTimeout",
    ],
    ["admins of no group", { ...config, admins: { groups: [] } }, "admins.groups"],
    ["everyone as auditors", { ...config, auditors: "everyone" }, "auditors"],
    [
      "a duration of more than 300 days",
      withFlow({ duration: { max: "301d" } }),
      "flows.production.duration.max",
    ],
    [
      "both a longest duration and a list",
      withFlow({ duration: { max: "1h", options: ["1h"] } as never }),
      "flows.production.duration",
    ],
  ];

  it.each(cases)("is refused with its path: %s", (_, input, path) => {
    const found = problems(input);
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(`${path}: `)).toBe(true);
  });

  it.each([
    ["a region of the government", withIntegration({ region: "us-gov-west-1" })],
    [
      "a role of another partition",
      withIntegration({ roleArn: "arn:aws-us-gov:iam::111111111111:role/x" }),
    ],
    ["a label of 55 characters", withTarget({ label: "l".repeat(55) })],
    ["a duration of 300 days", withFlow({ duration: { max: "300d" } })],
  ])("is accepted: %s", (_, input) => {
    expect(problems(input)).toEqual([]);
  });
});
