import { type Config, type ConfigInput, Config as ConfigSchema } from "../config/schema.ts";
import type { RequestId } from "../ids.ts";
import type { Lease } from "../lease/lease.ts";
import type { Access } from "../request/access.ts";
import { actorOf, type Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import type { RequestStatus } from "../request/status.ts";
import { addSeconds } from "../time.ts";
import { noon } from "./clock.ts";
import { fakeKey } from "./fake-strategy.ts";
import { requestId } from "./ids.ts";

/** A flow as it is written. */
export type FlowInput = ConfigInput["flows"][string];

const person = (name: string): Person => ({ id: `user-${name}`, email: `${name}@acme.example` });

/** The people of the tests. Bob and Carol approve, Carol is nobody's requester; Mallory is in no group. */
export const alice = person("alice");
export const bob = person("bob");
export const carol = person("carol");
export const mallory = person("mallory");

/** Access of Alice to `readonly` in the account `prod`, with what is given instead. */
export const anAccess = (given: Partial<Access> = {}): Access => ({
  strategy: "fake",
  integration: {
    name: "identity-center",
    roleArn: "arn:aws:iam::111111111111:role/curfew/Connector",
    externalId: "acme-curfew",
    region: "us-east-1",
    settings: { instance: "main" },
  },
  target: {
    name: "prod-readonly",
    type: "fake_permission",
    label: "ReadOnly on prod",
    settings: { account: "prod", permission: "readonly" },
  },
  person: alice,
  session: { name: requestId(1), sourceIdentity: "alice@acme.example" },
  ...given,
});

const duration = 3_600;
const armed = { at: noon, grantBy: addSeconds(noon, 15 * 60) };
const approvals: Request["approvals"] = [{ decision: "approved", by: actorOf(bob), at: noon }];
const active = { approvals, armed, activatedAt: noon, expiresAt: addSeconds(noon, duration) };
const over = { ...active, endedAt: addSeconds(noon, duration) };

/** What a request of a status has beside it. */
const typical: Record<RequestStatus, Partial<Request>> = {
  pending_approval: { lapsesAt: addSeconds(noon, 86_400) },
  approved: { approvals },
  denied: { approvals: [{ decision: "denied", by: actorOf(bob), at: noon }] },
  cancelled: {},
  lapsed: { lapsesAt: noon },
  escalating: { approvals, armed },
  active,
  deescalating: active,
  ended: { ...over, endReason: "expired" },
  failed: { ...over, errors: ["It broke."] },
};

/**
 * Alice's request, made at noon, for an hour of `readonly` in `prod`: `approved`, unless another status is given. It has what its status implies; everything in its
 * history has been published.
 */
export const aRequest = (given: Partial<Request> = {}): Request => {
  const status = given.status ?? "approved";
  const history: Request["history"] = [
    { seq: 1, event: "request.created", at: noon, actor: actorOf(alice) },
  ];
  return {
    version: 1,
    id: requestId(1),
    organization: "acme",
    status,
    flow: { name: "production", version: "1.0.0" },
    requester: alice,
    reason: "Incident 42",
    duration,
    fields: {},
    access: anAccess({ session: { name: given.id ?? requestId(1), sourceIdentity: alice.email } }),
    createdAt: noon,
    approvals: [],
    scheduled: true,
    errors: [],
    execution: 0,
    history,
    published: (given.history ?? history).length,
    ...typical[status],
    ...given,
  };
};

/** The lease of {@link anAccess}: open, not standing and held by request 1, unless given otherwise. */
export const aLease = (given: Partial<Lease> = {}): Lease => {
  const state = given.state ?? "open";
  const access = given.access ?? anAccess();
  const holders: RequestId[] = state === "open" || state === "opening" ? [requestId(1)] : [];
  return {
    version: 1,
    key: fakeKey(access),
    state,
    standing: false,
    holders,
    pending: [],
    unanswered: [],
    ...(state === "closed" ? { closedAt: noon } : {}),
    opener: holders[0] ?? requestId(1),
    access,
    ...given,
  };
};

/** A configuration as it is written: `production` needs the approval of the group `approvers`, `self-service` needs nobody's. */
export const aConfigInput = (given: Partial<ConfigInput> = {}): ConfigInput => ({
  organization: "acme",
  identity: { issuer: "https://login.acme.example", audience: "curfew" },
  directory: "identity-center",
  integrations: {
    "identity-center": {
      roleArn: "arn:aws:iam::111111111111:role/curfew/Connector",
      externalId: "acme-curfew",
      region: "us-east-1",
      settings: { instance: "main" },
    },
  },
  strategies: { sso: { type: "fake", integration: "identity-center" } },
  targets: {
    "prod-readonly": {
      type: "fake_permission",
      label: "ReadOnly on prod",
      settings: { account: "prod", permission: "readonly" },
    },
    "staging-power": {
      type: "fake_permission",
      settings: { account: "staging", permission: "power" },
    },
  },
  flows: {
    production: {
      strategy: "sso",
      targets: ["prod-readonly"],
      requesters: { groups: ["engineers"] },
      approvers: { groups: ["approvers"] },
      duration: { max: "8h" },
    },
    "self-service": {
      strategy: "sso",
      targets: ["prod-readonly", "staging-power"],
      requesters: "everyone",
      reasonRequired: false,
    },
  },
  ...given,
});

/** {@link aConfigInput}, parsed. */
export const aConfig = (given: Partial<ConfigInput> = {}): Config =>
  ConfigSchema.parse(aConfigInput(given));

/** Ids of the groups that the configuration names, with the ids of their members. */
export const groups = {
  engineers: [alice.id, bob.id],
  approvers: [bob.id, carol.id],
};
