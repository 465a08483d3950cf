import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import {
  clock,
  createAwsLambda,
  createAwsSso,
  createDocuments,
  createPublisher,
  createSchedules,
  createSessions,
  createStrategy,
  createWorkflow,
  openTable,
  openTopics,
  type StrategyDeps,
} from "@curfew/aws";
import {
  idempotencyKind,
  intakeKind,
  type Log,
  leaseKind,
  type Metrics as MetricsPort,
  type Publisher,
  requestKind,
  type Strategy,
  walkKind,
} from "@curfew/core";
import { Resource } from "sst";
import * as z from "zod/mini";
import { lazy } from "./lazy.ts";

/*
 * What the functions work with, one factory per capability. This is the only file that reads what the deployment links to a function. A factory
 * makes its capability on first use, so that a function needs only the links of what it uses; the annotations let the bundler leave the others out.
 */

const linked = <T>(name: string, schema: z.ZodMiniType<T>): T =>
  schema.parse(Reflect.get(Resource, name));

export { clock, hash, ids } from "@curfew/aws";

/** The one logger. Its fixed keys are requestId, flow, actor and executionArn. */
export const logger = /* @__PURE__ */ lazy(() => new Logger());

/** The logger as the core uses it. */
export const log: Log = {
  info: (message, fields = {}) => logger().info(message, fields),
  warn: (message, fields = {}) => logger().warn(message, fields),
  error: (message, fields = {}) => logger().error(message, fields),
};

const emitter = /* @__PURE__ */ lazy(() => {
  const { CURFEW_STAGE: stage } = z.object({ CURFEW_STAGE: z.string() }).parse(process.env);
  return new Metrics({ defaultDimensions: { stage } });
});

/** Measurements in CloudWatch, by service and stage. Each is a line of the log of its own, which CloudWatch reads: nothing is called, and nothing is to be flushed. */
export const metrics: MetricsPort = {
  record: (name, value) => {
    const unit = name.endsWith("Seconds") ? MetricUnit.Seconds : MetricUnit.Count;
    try {
      emitter().singleMetric().addMetric(name, unit, value);
    } catch (error) {
      log.warn("A measurement was lost.", { name, error });
    }
  },
};

const table = /* @__PURE__ */ lazy(() =>
  openTable(linked("Table", z.object({ name: z.string() })).name),
);

/** The stored requests. */
export const requests = /* @__PURE__ */ lazy(() => createDocuments(table(), requestKind));

/** The lease ledger. */
export const leases = /* @__PURE__ */ lazy(() => createDocuments(table(), leaseKind));

/** What callers' idempotency keys stand for. */
export const idempotency = /* @__PURE__ */ lazy(() => createDocuments(table(), idempotencyKind));

/** Whether requests are taken. */
export const intake = /* @__PURE__ */ lazy(() => createDocuments(table(), intakeKind));

/** The places at which the walks of the reconcilers stopped. */
export const walks = /* @__PURE__ */ lazy(() => createDocuments(table(), walkKind));

const machineArn = (): string => linked("Workflow", z.object({ arn: z.string() })).arn;

/** The state machine. */
export const workflow = /* @__PURE__ */ lazy(() => createWorkflow(machineArn()));

/** The state machine for functions behind the API, whose callers wait: what they write is found without a signal, too. */
export const promptWorkflow = /* @__PURE__ */ lazy(() =>
  createWorkflow(machineArn(), undefined, { start: 5_000, signal: 2_000 }),
);

const ScheduleLink = /* @__PURE__ */ lazy(() =>
  z.object({
    group: z.string(),
    roleArn: z.string(),
    expireArn: z.string(),
    deadLetterArn: z.string(),
  }),
);

/** The schedule group. */
export const schedules = /* @__PURE__ */ lazy(() =>
  createSchedules(linked("Schedules", ScheduleLink())),
);

const topics = /* @__PURE__ */ lazy(() =>
  openTopics(linked("Topics", z.object({ results: z.string(), errors: z.string() }))),
);

/** What publishing may cost a caller, or the end of an access, in milliseconds and in all. */
const publishingBudget = 2_000;

/** The topics, for one invocation. */
export const publisher = (): Publisher => createPublisher(topics(), publishingBudget);

/** The topics, for one run of a reconciler, which publishes for all requests. */
export const patientPublisher = (): Publisher => createPublisher(topics());

/** The sessions of the connectors' roles. */
export const sessions = /* @__PURE__ */ lazy(() => createSessions());

const strategyDeps = (): StrategyDeps => ({ sessions: sessions(), clock, log });

/** One strategy each, for the functions that serve it alone: the clients of the others stay out of their bundles. */
export const awsSso = /* @__PURE__ */ lazy(() => createAwsSso(strategyDeps()));
export const awsLambda = /* @__PURE__ */ lazy(() => createAwsLambda(strategyDeps()));

/** Every strategy, by name. */
export const strategy = (name: string): Strategy => createStrategy(name, strategyDeps());
