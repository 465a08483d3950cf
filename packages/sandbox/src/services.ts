import { createAuthorize } from "./aws/authorize.ts";
import { type CallLog, createCallLog } from "./aws/call-log.ts";
import type { Callers } from "./aws/credentials.ts";
import { createAssignments } from "./aws/identity-center/assignments.ts";
import { type Limits, limitRate } from "./aws/identity-center/limits.ts";
import { createMemberships } from "./aws/identity-center/memberships.ts";
import { createLiveOrganization } from "./aws/live-organization.ts";
import type { Organization } from "./aws/organization.ts";
import type { Queues } from "./aws/queues.ts";
import { createRoles } from "./aws/roles.ts";
import { createEndpoint, type Endpoint } from "./aws/server.ts";
import type { Service } from "./aws/service.ts";
import { createDynamoDb, type DynamoDb } from "./aws/services/dynamodb.ts";
import { createEvents, type Events } from "./aws/services/events.ts";
import { createIdentityStore } from "./aws/services/identity-store.ts";
import { createLambdaService } from "./aws/services/lambda.ts";
import { createOrganizations } from "./aws/services/organizations.ts";
import { createScheduler } from "./aws/services/scheduler.ts";
import { createSns, type DeliveredMessage, type Sns } from "./aws/services/sns.ts";
import { createSsoAdmin } from "./aws/services/sso-admin.ts";
import { createStates } from "./aws/services/states.ts";
import { createSts } from "./aws/services/sts.ts";
import type { Clock } from "./clock.ts";
import type { Deployment } from "./deployment.ts";
import type { Inject } from "./faults/inject.ts";
import type { Lambda } from "./lambda/lambda.ts";
import type { Log } from "./log.ts";
import type { StateDirectory } from "./state-directory.ts";
import type { Store } from "./store.ts";

export interface ServicesDeps {
  deployment: Deployment;
  organization: Organization;
  store: Store;
  clock: Clock;
  log: Log;
  callers: Callers;
  directory: Pick<StateDirectory, "tables">;
  lambda: Lambda;
  sqs: Service & Queues;
  /** Of Identity Center. */
  limits: Limits;
  inject: Inject;
  onDelivered(message: DeliveredMessage): void;
}

/** The AWS endpoint, and those of its services that others need or that run on their own. */
export interface Services {
  endpoint: Endpoint;
  /** Every operation that the endpoint offers, by its service's signing name. */
  operations: ReadonlyMap<string, readonly string[]>;
  /** Those of them whose answers may lag. */
  lagging: ReadonlyMap<string, readonly string[]>;
  callLog: CallLog;
  dynamoDb: DynamoDb;
  events: Events;
  sns: Sns;
  /** Takes up what an earlier process left. */
  resume(): void;
  stop(): void;
}

/** Composes every AWS service of the sandbox. */
export const createServices = (deps: ServicesDeps): Services => {
  const { deployment, store, clock, log, callers, lambda, sqs, limits } = deps;
  const organization = createLiveOrganization(store, deps.organization);
  const { accountId, region, roles, rules, topics, tables, machines, scheduleGroups } = deployment;
  const memberships = createMemberships({ store, clock, organization });
  const dynamoDb = createDynamoDb({ path: deps.directory.tables, tables, accountId });
  const events = createEvents({ rules, lambda, queues: sqs, store, clock, log });
  const sns = createSns({ store, clock, topics, onDelivered: deps.onDelivered });
  const states = createStates({ store, clock, lambda, events, machines });
  const scheduler = createScheduler({ store, clock, log, lambda, sqs, groups: scheduleGroups });

  const ssoAdmin = createSsoAdmin({
    organization,
    assignments: createAssignments({ store, clock, organization, limits }),
    groupsOf: (userId) => memberships.ofUser(userId).map(({ groupId }) => groupId),
  });
  const services: readonly Service[] = [
    createSts({ callers }),
    limitRate(ssoAdmin, limits, clock),
    createIdentityStore({ organization, memberships }),
    createOrganizations({ organization }),
    createLambdaService({ lambda }),
    dynamoDb,
    events,
    scheduler,
    sns,
    sqs,
    states,
  ];

  const callLog = createCallLog();
  const endpoint = createEndpoint({
    services,
    callers,
    authorize: createAuthorize({
      roles: createRoles({ deployment: { roles }, connectors: organization.connectors }),
    }),
    region,
    clock,
    log,
    callLog,
    inject: deps.inject,
  });

  return {
    endpoint,
    operations: new Map(
      services.map(({ signingName, operations }) => [signingName, Object.keys(operations)]),
    ),
    lagging: new Map(
      services.flatMap(({ signingName, lagging }) =>
        lagging === undefined ? [] : [[signingName, lagging]],
      ),
    ),
    callLog,
    dynamoDb,
    events,
    sns,
    resume: () => {
      states.resume();
      scheduler.resume();
    },
    stop: () => {
      states.stop();
      scheduler.stop();
    },
  };
};
