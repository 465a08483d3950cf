import { executionName, type RequestId, scheduleName } from "../ids.ts";
import type {
  Directory,
  Log,
  MetricName,
  Metrics,
  Publisher,
  Schedules,
  Workflow,
  WorkflowStart,
} from "../ports/index.ts";
import type { Notification } from "../request/notification.ts";
import type { Person } from "../request/person.ts";
import { milliseconds, type Timestamp } from "../time.ts";
import type { VirtualClock } from "./clock.ts";

/** A directory of these people, and of groups (by id) with the ids of their members. */
export const fakeDirectory = (
  people: readonly Person[],
  groups: Readonly<Record<string, readonly string[]>>,
): Directory => ({
  findPerson: async (email) => people.find((person) => person.email === email),
  groupsOf: async (person, asked) =>
    new Set(asked.filter((group) => groups[group]?.includes(person.id))),
});

/** A workflow that remembers everything. */
export interface FakeWorkflow extends Workflow {
  /** What each execution was told, in the order of starting. */
  started: WorkflowStart[];
  /** Every signal that was sent, stale ones too. */
  signals: { token: string; seconds: number }[];
  /** A state waits for this token from now on. Resolves when it is signalled, with what the signal put out. */
  awaitToken(token: string): Promise<{ seconds: number }>;
  /** The execution dies, or finishes. */
  end(request: RequestId, execution: number): void;
  /** Called with each execution that starts; does nothing unless a test replaces it. */
  onStart: (input: WorkflowStart) => void;
}

/** A workflow whose executions do nothing and run until a test ends them, and whose tokens a test hands out. */
export const fakeWorkflow = (): FakeWorkflow => {
  const executions = new Map<string, "running" | "ended">();
  const waiting = new Map<string, (output: { seconds: number }) => void>();
  const fake: FakeWorkflow = {
    started: [],
    signals: [],
    onStart: () => undefined,
    start: async (input) => {
      const name = executionName(input.request, input.k);
      if (executions.has(name)) return;
      executions.set(name, "running");
      fake.started.push(input);
      fake.onStart(input);
    },
    status: async (request, execution) =>
      executions.get(executionName(request, execution)) ?? "absent",
    signal: async (token, { seconds }) => {
      fake.signals.push({ token, seconds });
      const complete = waiting.get(token);
      waiting.delete(token);
      complete?.({ seconds });
      return complete === undefined ? "stale" : "sent";
    },
    awaitToken: (token) =>
      new Promise((complete) => {
        waiting.set(token, complete);
      }),
    end: (request, execution) => {
      executions.set(executionName(request, execution), "ended");
    },
  };
  return fake;
};

/** Schedules that a test may let fire. */
export interface FakeSchedules extends Schedules {
  /** Times by name. */
  armed: Map<string, Timestamp>;
  /** When each was created, by name, in milliseconds since the epoch. */
  createdAt: Map<string, number>;
  /** Called with each schedule that is made; does nothing unless a test replaces it. */
  onCreate: (schedule: { request: RequestId; at: Timestamp }) => void;
}

/** Schedules that refuse the past, as EventBridge Scheduler does, and keep the first of a name. */
export const fakeSchedules = (clock: VirtualClock): FakeSchedules => {
  const fake: FakeSchedules = {
    armed: new Map(),
    createdAt: new Map(),
    onCreate: () => undefined,
    create: async ({ request, n, at }) => {
      const name = scheduleName(request, n);
      if (fake.armed.has(name)) return;
      if (milliseconds(at) <= clock.now())
        throw new Error(`The schedule ${name} lies in the past.`);
      fake.armed.set(name, at);
      fake.createdAt.set(name, clock.now());
      fake.onCreate({ request, at });
    },
  };
  return fake;
};

/** A publisher that keeps what it publishes. */
export const fakePublisher = (): Publisher & { published: Notification[] } => {
  const published: Notification[] = [];
  return {
    published,
    publish: async (notification) => {
      published.push(notification);
    },
  };
};

/** Metrics that keep what was measured, in order. */
export const memoryMetrics = (): Metrics & { recorded: [MetricName, number][] } => {
  const recorded: [MetricName, number][] = [];
  return {
    recorded,
    record: (name, value) => {
      recorded.push([name, value]);
    },
  };
};

/** One line of a log. */
export interface LogEntry {
  level: "info" | "warn" | "error";
  message: string;
  fields: Record<string, unknown>;
}

/** A log that keeps its lines. */
export const memoryLog = (): Log & { entries: LogEntry[] } => {
  const entries: LogEntry[] = [];
  const at =
    (level: LogEntry["level"]) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      entries.push({ level, message, fields });
    };
  return { entries, info: at("info"), warn: at("warn"), error: at("error") };
};
