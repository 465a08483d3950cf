import type { RequestId } from "../ids.ts";
import type { Lease } from "../lease/lease.ts";
import type { IdempotencyRecord } from "../request/idempotency.ts";
import type { Intake } from "../request/intake.ts";
import type { Notification } from "../request/notification.ts";
import type { Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import type { Walk } from "../request/walk.ts";
import type { Timestamp } from "../time.ts";
import type { Documents } from "./documents.ts";
import type { Strategy } from "./strategy.ts";

/** The only source of time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** Source of ids that have never been given out before. */
export interface Ids {
  request(): RequestId;
  /** Names one attempt at changing something. */
  attempt(): string;
}

/** SHA-256 as lower-case hexadecimal digits. */
export type Hash = (text: string) => string;

/** The people and groups of IAM Identity Center. */
export interface Directory {
  /** The person with that user name; undefined if there is none. */
  findPerson(email: string): Promise<Person | undefined>;
  /** Which of these groups (ids) the person is in. */
  groupsOf(person: Person, groups: readonly string[]): Promise<Set<string>>;
}

/** What a new execution of the workflow is told. */
export interface WorkflowStart {
  request: RequestId;
  k: number;
  version: 1;
  enter: "approval" | "escalation" | "deescalation";
  /** Seconds until approval times out; read only when entering there. */
  seconds: number;
  /** When access is to be given; in the past for at once. */
  startAt: Timestamp;
  /** The name of the strategy, which has functions of its own; `none` for a request that gives no access. */
  strategy: string;
}

/** The state machine. */
export interface Workflow {
  /** Starts the execution; that it exists already is success. */
  start(input: WorkflowStart): Promise<void>;
  /** How the k-th execution of a request is doing. */
  status(request: RequestId, execution: number): Promise<"running" | "ended" | "absent">;
  /** Completes a waiting state. `stale` when the state no longer waits. */
  signal(token: string, output: { seconds: number }): Promise<"sent" | "stale">;
}

/** One-time schedules that call Curfew back. */
export interface Schedules {
  /** Creates the n-th schedule of a request; that it exists already is success. `at` lies in the future. */
  create(schedule: { request: RequestId; n: number; at: Timestamp }): Promise<void>;
}

/** Where notifications go. */
export interface Publisher {
  publish(notification: Notification): Promise<void>;
}

/** Structured logging, with fixed keys: requestId, flow, actor, executionArn. Never tokens or secrets. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** What is measured; alarms watch it under these names. */
export type MetricName =
  /** From the moment at which access was to end until it was verified to be gone, in seconds. */
  | "RevocationLagSeconds"
  /** From approval, or creation where none is needed, until the access was verified, in seconds. */
  | "GrantLatencySeconds"
  /** How many requests the reconciler found open although their end had passed minutes ago. */
  | "OpenPastExpiry"
  /** How many leases one run of the reconciler could neither release nor check. */
  | "LeaseFailures";

/** Measurements. Recording one never fails what is measured. */
export interface Metrics {
  record(name: MetricName, value: number): void;
}

/** Everything the operations need from outside. Each names the part it uses. */
export interface Ports {
  clock: Clock;
  ids: Ids;
  hash: Hash;
  requests: Documents<Request>;
  leases: Documents<Lease>;
  idempotency: Documents<IdempotencyRecord>;
  intake: Documents<Intake>;
  walks: Documents<Walk>;
  directory: Directory;
  workflow: Workflow;
  schedules: Schedules;
  publisher: Publisher;
  /** The strategy of that name; throws if there is none. */
  strategy(name: string): Strategy;
  log: Log;
  metrics: Metrics;
}
