import { createHash } from "node:crypto";
import type { Config } from "../config/schema.ts";
import type { Lease } from "../lease/lease.ts";
import type { Clock, Log, Ports } from "../ports/index.ts";
import { idempotencyKind, intakeKind, leaseKind, requestKind, walkKind } from "../ports/kinds.ts";
import type { Strategy } from "../ports/strategy.ts";
import type { IdempotencyRecord } from "../request/idempotency.ts";
import type { Intake } from "../request/intake.ts";
import type { Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import type { Walk } from "../request/walk.ts";
import { type AccessService, accessService } from "./access-service.ts";
import { aConfig, alice, bob, carol, groups, mallory } from "./builders.ts";
import { type VirtualClock, virtualClock } from "./clock.ts";
import { type MemoryDocuments, memoryDocuments } from "./documents.ts";
import { fakeDefinition, fakeStrategy } from "./fake-strategy.ts";
import { createFaults, type FaultHook, type Faults, noFaults } from "./faults.ts";
import { sequentialIds } from "./ids.ts";
import {
  type FakeSchedules,
  type FakeWorkflow,
  fakeDirectory,
  fakePublisher,
  fakeSchedules,
  fakeWorkflow,
  memoryLog,
  memoryMetrics,
} from "./ports.ts";

/** All of Curfew's surroundings in memory, with a way to look at each of them. */
export interface World {
  config: Config;
  clock: VirtualClock;
  requests: MemoryDocuments<Request>;
  leases: MemoryDocuments<Lease>;
  idempotency: MemoryDocuments<IdempotencyRecord>;
  intake: MemoryDocuments<Intake>;
  walks: MemoryDocuments<Walk>;
  workflow: FakeWorkflow;
  schedules: FakeSchedules;
  publisher: ReturnType<typeof fakePublisher>;
  log: ReturnType<typeof memoryLog>;
  metrics: ReturnType<typeof memoryMetrics>;
  service: AccessService;
  /** The ports themselves. */
  ports: Ports;
  /** The ports as one invocation reaches them, through this hook. */
  invocation(hook: FaultHook): { ports: Ports; faults: Faults };
  /** When an invocation that begins now is ended by Lambda: in 60 seconds. */
  deadline(): { deadline: number };
  /** Stores these documents as they are. */
  store(documents: { requests?: readonly Request[]; leases?: readonly Lease[] }): Promise<void>;
  /** The only request, or the one with that id, as it is stored. */
  request(id?: string): Request;
  /** The only lease, as it is stored. */
  lease(): Lease;
}

/** Which people and groups there are, and the configuration. */
export interface WorldOptions {
  config?: Config;
  /** The strategies of one invocation, by name; the fake one by default. */
  strategies?: (invocation: Reach) => Readonly<Record<string, Strategy>>;
  people?: readonly Person[];
  groups?: Readonly<Record<string, readonly string[]>>;
  /** Where requests are stored. */
  requests?: MemoryDocuments<Request>;
}

/** How one invocation reaches its surroundings: on the virtual clock, through its faults. */
export interface Reach {
  clock: Clock;
  around: Faults["around"];
  log: Log;
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A world at noon in which nothing has happened yet. */
export const aWorld = (options: WorldOptions = {}): World => {
  const clock = virtualClock();
  const requests = options.requests ?? memoryDocuments(requestKind);
  const leases = memoryDocuments(leaseKind);
  const idempotency = memoryDocuments(idempotencyKind);
  const intake = memoryDocuments(intakeKind);
  const walks = memoryDocuments(walkKind);
  const directory = fakeDirectory(
    options.people ?? [alice, bob, carol, mallory],
    options.groups ?? groups,
  );
  const workflow = fakeWorkflow();
  const schedules = fakeSchedules(clock);
  const publisher = fakePublisher();
  const log = memoryLog();
  const metrics = memoryMetrics();
  const service = accessService(clock);
  const ids = sequentialIds();

  const invocation = (hook: FaultHook): { ports: Ports; faults: Faults } => {
    const faults = createFaults(hook);
    const { around } = faults;
    const { sleep } = around("clock", { sleep: clock.sleep });
    const slow = { now: clock.now, sleep };
    const strategies = options.strategies?.({ clock: slow, around, log }) ?? {
      [fakeDefinition.name]: fakeStrategy(around("service", service), slow),
    };
    return {
      faults,
      ports: {
        clock: slow,
        ids,
        hash,
        requests: around("requests", requests),
        leases: around("leases", leases),
        idempotency: around("idempotency", idempotency),
        intake: around("intake", intake),
        walks: around("walks", walks),
        directory: around("directory", directory),
        workflow: around("workflow", workflow),
        schedules: around("schedules", schedules),
        publisher: around("publisher", publisher),
        strategy: (name) => {
          const strategy = strategies[name];
          if (strategy === undefined) throw new Error(`There is no strategy ${name}.`);
          return strategy;
        },
        log,
        metrics,
      },
    };
  };

  return {
    config: options.config ?? aConfig(),
    clock,
    requests,
    leases,
    idempotency,
    intake,
    walks,
    workflow,
    schedules,
    publisher,
    log,
    metrics,
    service,
    ports: invocation(noFaults).ports,
    invocation,
    deadline: () => ({ deadline: clock.now() + 60_000 }),
    store: async (documents) => {
      for (const request of documents.requests ?? []) await requests.put(request, undefined);
      for (const lease of documents.leases ?? []) await leases.put(lease, undefined);
    },
    request: (id) =>
      only(requests.all().filter((request) => id === undefined || request.id === id)),
    lease: () => only(leases.all()),
  };
};

const only = <T>(found: readonly T[]): T => {
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`There are ${found.length} of them, not one.`);
  return first;
};
