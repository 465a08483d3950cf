import { randomUUID } from "node:crypto";
import { AwsError } from "../aws/service.ts";
import type { Clock } from "../clock.ts";
import { credentialEnvironment, type RoleCredentials } from "./environment.ts";
import { type Execution, type LogLine, startExecution } from "./execution.ts";
import * as failures from "./failures.ts";
import type { InvocationResult } from "./runtime.ts";
import type { FunctionSpec } from "./spec.ts";

/** How many workers there may be. */
export interface PoolLimits {
  perFunction: number;
  total: number;
  /** By function name: other limits than {@link PoolLimits.perFunction}. */
  exceptions?: ReadonlyMap<string, number>;
}

export interface PoolDeps {
  clock: Clock;
  /** Keys of the function's role for the worker of that id, good for that many seconds. */
  issue(spec: FunctionSpec, seconds: number, workerId: string): RoleCredentials;
  onLine(line: LogLine): void;
  /** Milliseconds by which the clock is ahead of the machine's while an invocation runs; without it the two are the same. */
  ahead?: () => number;
  limits?: PoolLimits;
}

/** Execution environments of all functions. */
export interface Pool {
  /**
   * Runs the function on a free worker, starting one if need be. Never answers once the pool is closed.
   *
   * @param payload JSON
   * @throws AwsError `TooManyRequestsException` when no worker is free and no more may be started
   */
  run(spec: FunctionSpec, payload: string, requestId?: string): Promise<InvocationResult>;
  /** Whether {@link Pool.run} would find or start a worker. */
  hasRoom(spec: FunctionSpec): boolean;
  /** Calls back whenever a worker was given back. */
  onRoom(callback: () => void): void;
  /** Ends a worker in the middle of its invocation, which fails as if the system had killed its process. One that is gone stays gone. */
  kill(workerId: string): Promise<void>;
  close(): Promise<void>;
}

interface Slot {
  id: string;
  execution: Execution;
  arn: string;
  busy: boolean;
  lastUsed: number;
  credentials: RoleCredentials;
}

const defaultLimits: PoolLimits = { perFunction: 4, total: 48 };

/**
 * The usual limits, but for some functions.
 *
 * @param workers by the functions' names without what the stage puts before them
 */
export const limitsWith = (
  workers: ReadonlyMap<string, number> = new Map(),
  prefix = "",
): PoolLimits => {
  const exceptions = new Map([...workers].map(([name, count]) => [prefix + name, count]));
  const more = [...workers.values()].reduce((sum, count) => sum + count, 0);
  return { ...defaultLimits, total: defaultLimits.total + more, exceptions };
};

/** Six hours, as long as AWS's own can be; renewed well before a function of 15 minutes could outlive them. */
const credentialSeconds = 6 * 60 * 60;
const renewalMargin = 30 * 60 * 1000;

/** Milliseconds for loading a bundle. Lambda gives it 10 s, but does not start on a busy laptop. */
const longestStart = 30_000;

/** See {@link Pool}. Workers are started on first use, and idle ones make way for other functions. */
export const createPool = (deps: PoolDeps): Pool => {
  const { clock, issue, onLine, limits = defaultLimits } = deps;
  const slots = new Set<Slot>();
  // Written only while no invocation runs: the clock is not ahead by more or less during one.
  const ahead = deps.ahead && new Float64Array(new SharedArrayBuffer(8));
  const callbacks: (() => void)[] = [];
  let closed = false;

  const slotsOf = (spec: FunctionSpec): Slot[] =>
    [...slots].filter((slot) => slot.arn === spec.arn);

  const idleOf = (candidates: Iterable<Slot>): Slot | undefined =>
    [...candidates].filter((slot) => !slot.busy).sort((a, b) => a.lastUsed - b.lastUsed)[0];

  const discard = (slot: Slot): Promise<void> => {
    slots.delete(slot);
    return slot.execution.stop();
  };

  const hasRoom = (spec: FunctionSpec): boolean => {
    const own = slotsOf(spec);
    if (own.some((slot) => !slot.busy)) return true;
    if (own.length >= (limits.exceptions?.get(spec.name) ?? limits.perFunction)) return false;
    return slots.size < limits.total || idleOf(slots) !== undefined;
  };

  const start = (spec: FunctionSpec): Slot => {
    if (slots.size >= limits.total) {
      const oldest = idleOf(slots);
      if (oldest !== undefined) void discard(oldest);
    }
    const id = randomUUID();
    const credentials = issue(spec, credentialSeconds, id);
    const environment = { ...spec.environment(), ...credentialEnvironment(credentials) };
    const slot: Slot = {
      id,
      execution: startExecution(spec, environment, onLine, ahead),
      arn: spec.arn,
      busy: true,
      lastUsed: clock.now(),
      credentials,
    };
    slots.add(slot);
    return slot;
  };

  const take = (spec: FunctionSpec): Slot => {
    if (!hasRoom(spec))
      throw new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, {
        Reason: "ConcurrentInvocationLimitExceeded",
        Type: "User",
      });
    const slot = idleOf(slotsOf(spec)) ?? start(spec);
    slot.busy = true;
    return slot;
  };

  const giveBack = (slot: Slot): void => {
    slot.busy = false;
    slot.lastUsed = clock.now();
    if (!slot.execution.alive()) slots.delete(slot);
    for (const callback of callbacks) callback();
  };

  const freshCredentials = (spec: FunctionSpec, slot: Slot): RoleCredentials => {
    if (slot.credentials.expiration.getTime() - clock.now() < renewalMargin)
      slot.credentials = issue(spec, credentialSeconds, slot.id);
    return slot.credentials;
  };

  /** Answers undefined if the clock gets to `due` first. */
  const before = async <T>(due: number, promise: Promise<T>): Promise<T | undefined> => {
    const late = Promise.withResolvers<undefined>();
    const timer = clock.at(due, () => late.resolve(undefined));
    const result = await Promise.race([promise, late.promise]);
    timer.cancel();
    return result;
  };

  const invoke = async (
    spec: FunctionSpec,
    slot: Slot,
    payload: string,
    requestId: string,
  ): Promise<InvocationResult> => {
    const started = await before(clock.now() + longestStart, slot.execution.started);
    if (started?.kind === "ready") {
      const deadline = clock.now() + spec.timeout * 1000;
      const environment = credentialEnvironment(freshCredentials(spec, slot));
      const invocation = { requestId, payload, deadline, environment };
      const ended = await before(deadline, slot.execution.run(invocation));
      if (ended !== undefined) return failures.resultOf(ended, requestId);
    } else if (started !== undefined) return failures.resultOf(started, requestId);
    await discard(slot);
    const result = failures.timeout(requestId, spec.timeout);
    onLine({ functionName: spec.name, requestId, line: failures.textOf(result) });
    return result;
  };

  return {
    run: async (spec, payload, requestId = randomUUID()) => {
      using _ = clock.hold();
      if (deps.ahead !== undefined) ahead?.fill(deps.ahead());
      const slot = take(spec);
      const result = await invoke(spec, slot, payload, requestId);
      // Whoever asked sees what they would see had the machine been switched off: nothing.
      if (closed) return new Promise(() => {});
      giveBack(slot);
      return result;
    },
    hasRoom,
    onRoom: (callback) => void callbacks.push(callback),
    kill: async (workerId) => {
      for (const { id, execution } of slots) if (id === workerId) await execution.kill();
    },
    close: async () => {
      closed = true;
      await Promise.all([...slots].map(discard));
    },
  };
};
