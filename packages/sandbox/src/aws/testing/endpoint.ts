import type { Deployment } from "../../deployment/model.ts";
import type { Inject } from "../../faults/inject.ts";
import { openStore, type Store } from "../../store.ts";
import { createFakeLambda, type FakeLambda, type Handler } from "../../testing/fake-lambda.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import { acme } from "../acme.ts";
import { createAuthorize } from "../authorize.ts";
import { type CallLog, createCallLog } from "../call-log.ts";
import { type Callers, createCallers } from "../credentials.ts";
import { createAssignments } from "../identity-center/assignments.ts";
import { createMemberships } from "../identity-center/memberships.ts";
import { createRoles } from "../roles.ts";
import { createEndpoint } from "../server.ts";
import type { Service } from "../service.ts";
import { createDynamoDb } from "../services/dynamodb.ts";
import { createEvents, type Events } from "../services/events.ts";
import { createIdentityStore } from "../services/identity-store.ts";
import { createOrganizations } from "../services/organizations.ts";
import { createSns, type Sns } from "../services/sns.ts";
import { createSqs } from "../services/sqs.ts";
import { type AbsentDeletion, createSsoAdmin } from "../services/sso-admin.ts";
import { createSts } from "../services/sts.ts";

export const hub = "666666666666";

/** The role of a function that may assume the connectors. */
export const escalateRole = `arn:aws:iam::${hub}:role/curfew/curfew-sandbox-escalate`;

/** A role that connectors trust, too, and that may assume none. */
export const listFlowsRole = `arn:aws:iam::${hub}:role/curfew/curfew-sandbox-list-flows`;

const role = (arn: string, Resource: readonly string[]): Deployment["roles"][number] => ({
  name: arn.slice(arn.lastIndexOf("/") + 1),
  arn,
  trust: { Version: "2012-10-17", Statement: [] },
  policies: [
    {
      name: "inline",
      document: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
            Resource,
          },
        ],
      },
    },
  ],
  managedPolicyArns: [],
});

/** The parts of a deployment that the endpoint's services are made of. */
export const deployment: Pick<Deployment, "roles" | "rules" | "queues" | "topics" | "tables"> = {
  roles: [
    role(
      escalateRole,
      acme.connectors.map(({ arn }) => arn),
    ),
    role(listFlowsRole, [`arn:aws:iam::${hub}:role/curfew/another`]),
  ],
  topics: ["results", "errors"].map((name) => ({
    name: `curfew-sandbox-${name}`,
    arn: `arn:aws:sns:us-east-1:${hub}:curfew-sandbox-${name}`,
  })),
  queues: [
    {
      name: "curfew-sandbox-dead-letters",
      arn: `arn:aws:sqs:us-east-1:${hub}:curfew-sandbox-dead-letters`,
      policy: undefined,
      retention: 14 * 24 * 3600,
    },
  ],
  rules: [
    {
      name: "curfew-sandbox-execution-ended",
      arn: `arn:aws:events:us-east-1:${hub}:rule/curfew-sandbox-execution-ended`,
      enabled: true,
      pattern: {
        source: ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        detail: { status: ["FAILED", "TIMED_OUT", "ABORTED"] },
      },
      schedule: undefined,
      targets: [
        {
          id: "recover",
          arn: `arn:aws:lambda:us-east-1:${hub}:function:curfew-sandbox-recover`,
          input: undefined,
          deadLetterArn: `arn:aws:sqs:us-east-1:${hub}:curfew-sandbox-dead-letters`,
        },
      ],
    },
    {
      name: "curfew-sandbox-reconcile-requests",
      arn: `arn:aws:events:us-east-1:${hub}:rule/curfew-sandbox-reconcile-requests`,
      enabled: true,
      pattern: undefined,
      schedule: "rate(5 minutes)",
      targets: [],
    },
  ],
  tables: [
    {
      name: "curfew-sandbox",
      arn: `arn:aws:dynamodb:us-east-1:${hub}:table/curfew-sandbox`,
      hashKey: "pk",
      attributes: [
        { name: "pk", type: "S" },
        { name: "open", type: "S" },
        { name: "due", type: "S" },
        { name: "all", type: "S" },
        { name: "flow", type: "S" },
      ],
      globalSecondaryIndexes: [
        { name: "open", hashKey: "open", rangeKey: "due", projectionType: "ALL" },
        { name: "all", hashKey: "all", rangeKey: "pk", projectionType: "KEYS_ONLY" },
        { name: "flow", hashKey: "flow", rangeKey: "pk", projectionType: "KEYS_ONLY" },
      ],
    },
  ],
};

export interface TestEndpoint {
  url: string;
  clock: ManualClock;
  callers: Callers;
  callLog: CallLog;
  /** All that are mounted. */
  services: readonly Service[];
  events: Events;
  sns: Sns;
  /** What rules hand their events to. */
  lambda: FakeLambda;
  /** What the endpoint warned of. */
  warnings: string[];
  /** The configuration of an SDK client that calls with this key. */
  as(accessKeyId: string, sessionToken?: string): ClientConfig;
  close(): Promise<void>;
}

interface ClientConfig {
  endpoint: string;
  region: string;
  maxAttempts: number;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** Starts the endpoint with every service of this folder, on a free port and a clock that stands still. */
export const startEndpoint = async (
  options: {
    store?: Store;
    clock?: ManualClock;
    absentDeletion?: AbsentDeletion;
    /** By name; without it only `curfew-sandbox-recover` exists. */
    functions?: Readonly<Record<string, Handler>>;
    /** Further services to mount. */
    services?: readonly Service[];
    inject?: Inject;
  } = {},
): Promise<TestEndpoint> => {
  const clock = options.clock ?? createManualClock();
  const store = options.store ?? openStore(":memory:");
  const lambda = createFakeLambda(options.functions ?? { "curfew-sandbox-recover": () => null });
  const warnings: string[] = [];
  const log = {
    info: () => {},
    warn: (message: string) => void warnings.push(message),
    error: (message: string) => void warnings.push(message),
  };

  let url = "";
  const organization = acme;
  const callers = createCallers({
    store,
    clock,
    accounts: organization.accounts.map(({ id }) => id),
    managementAccount: organization.managementAccount,
  });
  const callLog = createCallLog();
  const memberships = createMemberships({ store, organization });
  const queues = createSqs({
    store,
    clock,
    queues: deployment.queues,
    endpointUrl: () => url,
  });
  const events = createEvents({ rules: deployment.rules, lambda, queues, store, clock, log });
  const sns = createSns({ store, clock, topics: deployment.topics });
  const dynamoDb = createDynamoDb({ tables: deployment.tables, accountId: hub });
  const services: readonly Service[] = [
    createSts({ callers }),
    createSsoAdmin({
      organization,
      assignments: createAssignments({ store, clock, organization }),
      groupsOf: (userId) => memberships.ofUser(userId).map(({ groupId }) => groupId),
      ...(options.absentDeletion === undefined ? {} : { absentDeletion: options.absentDeletion }),
    }),
    createIdentityStore({ organization, memberships }),
    createOrganizations({ organization }),
    queues,
    dynamoDb,
    events,
    sns,
    ...(options.services ?? []),
  ];
  const endpoint = createEndpoint({
    services,
    callers,
    authorize: createAuthorize({
      roles: createRoles({ deployment, connectors: organization.connectors }),
    }),
    region: "us-east-1",
    clock,
    log,
    callLog,
    ...(options.inject === undefined ? {} : { inject: options.inject }),
  });
  await dynamoDb.start();
  url = `http://127.0.0.1:${await endpoint.listen(0)}`;

  return {
    url,
    clock,
    callers,
    callLog,
    services,
    events,
    sns,
    lambda,
    warnings,
    as: (accessKeyId, sessionToken) => ({
      endpoint: url,
      region: "us-east-1",
      maxAttempts: 1,
      credentials: {
        accessKeyId,
        secretAccessKey: "any",
        ...(sessionToken === undefined ? {} : { sessionToken }),
      },
    }),
    close: async () => {
      await endpoint.close();
      await dynamoDb.stop();
    },
  };
};
