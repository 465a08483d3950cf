import { type Access, Config, type ConfigInput, type Person, type Request } from "@curfew/core";
import {
  aConfigInput,
  alice,
  anAccess,
  aRequest,
  aWorld,
  requestId,
  type World,
} from "@curfew/core/testing";
import { type AccessChange, type AccessLog, createAccessLog } from "./access-log.ts";
import { accounts, people, permissionSets } from "./config.ts";
import { createCustomerFunction } from "./customer-function.ts";
import {
  assignmentKey,
  createIdentityCenter,
  type IdentityCenter,
  type ServiceTiming,
} from "./identity-center.ts";
import { strategiesOver } from "./sdk.ts";

/** A world whose operations reach Identity Center through the shipped strategies. */
export interface ShippedWorld extends World {
  access: AccessLog;
  identityCenter: IdentityCenter;
  /** The service's pace, in milliseconds. May be changed at any time. */
  timing: ServiceTiming;
}

const prodReadOnly = {
  type: "aws_sso_permission_set",
  label: "ReadOnly on prod",
  settings: { account_id: accounts.prod, permission_set_arn: permissionSets.readonly },
};
const identityCenterSettings = {
  instance_arn: "arn:aws:sso:::instance/ssoins-acme00000000000a",
  identity_store_id: "d-ace0000001",
};

/** {@link aConfigInput} for the strategy `aws_sso`. */
export const aShippedConfigInput = (given: Partial<ConfigInput> = {}): ConfigInput => {
  const input = aConfigInput();
  const integration = input.integrations["identity-center"];
  if (integration === undefined) throw new Error("The integration is missing.");
  return {
    ...input,
    integrations: { "identity-center": { ...integration, settings: identityCenterSettings } },
    strategies: { sso: { type: "aws_sso", integration: "identity-center" } },
    targets: {
      "prod-readonly": prodReadOnly,
      "staging-power": {
        type: "aws_sso_permission_set",
        settings: { account_id: accounts.staging, permission_set_arn: permissionSets.power },
      },
    },
    ...given,
  };
};

/** {@link aShippedConfigInput}, parsed. */
export const aShippedConfig = (given: Partial<ConfigInput> = {}): Config =>
  Config.parse(aShippedConfigInput(given));

const anAssignment = (session: string): Access => {
  const access = anAccess();
  return {
    ...access,
    strategy: "aws_sso",
    integration: { ...access.integration, settings: identityCenterSettings },
    target: { name: "prod-readonly", ...prodReadOnly },
    session: { name: session, sourceIdentity: alice.email },
  };
};

/** {@link aRequest} of Alice's for `readonly` in `prod`, by an account assignment. */
export const aShippedRequest = (given: Partial<Request> = {}): Request =>
  aRequest({ access: anAssignment(given.id ?? requestId(1)), ...given });

/** The access log's key of {@link aShippedRequest}. */
export const assignment = assignmentKey(accounts.prod, permissionSets.readonly, alice.id);

/** An administrator gave the assignment, longer ago than any List lags. */
export const giveStanding = ({ access, clock }: ShippedWorld): void => {
  access.byHand("create", assignment);
  clock.advance(120);
};

/** The kinds of all changes of assignments that the service accepted, failed ones too. */
export const kinds = ({ access }: ShippedWorld): AccessChange["kind"][] =>
  access.changes.filter(({ by }) => by === "curfew").map(({ kind }) => kind);

/** The operations under the names by which a fault hook sees them. */
export const operations = {
  list: "identity-center.ListAccountAssignments",
  create: "identity-center.CreateAccountAssignment",
  delete: "identity-center.DeleteAccountAssignment",
  creationStatus: "identity-center.DescribeAccountAssignmentCreationStatus",
  deletionStatus: "identity-center.DescribeAccountAssignmentDeletionStatus",
} as const;

/** The strategies need the services, the services the clock, and the world with its clock the strategies. */
const bindLate = () => {
  type Strategies = ReturnType<typeof strategiesOver>;
  let bound: Strategies | undefined;
  return {
    strategies: (reach: Parameters<Strategies>[0]) => bound?.(reach) ?? {},
    bind: (strategies: Strategies): void => {
      bound = strategies;
    },
  };
};

/** A world at noon in which nothing has happened yet. */
export const aShippedWorld = (
  options: {
    config?: Config;
    groups?: Readonly<Record<string, readonly string[]>>;
    timing?: ServiceTiming;
    customerFunction?: { work: number; crashes: number };
    random?: () => number;
  } = {},
): ShippedWorld => {
  const { config = aShippedConfig(), groups } = options;
  const { timing = { operation: 1_000, lag: 300 }, random = () => 0.5 } = options;
  const late = bindLate();
  const { strategies } = late;
  const world = aWorld({ config, strategies, ...(groups === undefined ? {} : { groups }) });
  const access = createAccessLog(world.clock);
  const users = Object.values<Person>(people).map(({ id }) => id);
  const identityCenter = createIdentityCenter(world.clock, access, timing, users);
  const work = options.customerFunction ?? { work: 10, crashes: 0 };
  const customerFunction = createCustomerFunction(world.clock, access, work);
  late.bind(strategiesOver({ identityCenter, customerFunction }, random));
  // The world made its own ports before there were strategies to give them.
  const { ports } = world.invocation(() => undefined);
  return { ...world, ports, access, identityCenter, timing };
};
