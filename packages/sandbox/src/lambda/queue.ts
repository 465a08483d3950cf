import { randomUUID } from "node:crypto";
import type { Queues } from "../aws/queues.ts";
import type { Clock } from "../clock.ts";
import type { AsyncConfig } from "../deployment.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store.ts";
import { failureRecord, type GivenUp } from "./failure-record.ts";
import type { Pool } from "./pool.ts";
import type { InvocationResult } from "./runtime.ts";
import type { FunctionSpec } from "./spec.ts";

/** An asynchronous event, as the journal keeps it until it is done with. */
export interface QueuedEvent {
  requestId: string;
  functionArn: string;
  /** JSON. */
  payload: string;
  /** Milliseconds since the epoch. */
  acceptedAt: number;
  /** Attempts that ended in an error. */
  failures: number;
  /** When the next attempt may begin, in milliseconds since the epoch. */
  due: number;
}

export interface QueueDeps {
  store: Store;
  clock: Clock;
  pool: Pick<Pool, "run" | "hasRoom" | "onRoom">;
  specOf(functionArn: string): FunctionSpec | undefined;
  configOf(functionArn: string): Pick<AsyncConfig, "retries" | "maximumAge" | "onFailure">;
  /** Where the records of given up events go. */
  queues: Pick<Queues, "send">;
  log: Log;
  /** After how many milliseconds an event reaches the function, once for each time that it does; at once, and once, without it. */
  deliveries?(functionName: string): readonly number[];
  /** Milliseconds before the first and the second retry. */
  retryDelays?: readonly number[];
}

/** The queue in front of every function: an event is journalled when accepted, and may be run twice. */
export interface AsyncQueue {
  /** @param payload JSON */
  enqueue(functionArn: string, payload: string): void;
  /** Takes up the events that an earlier process accepted. */
  resume(): void;
}

/** One minute, then two: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const lambdaRetryDelays = [60_000, 120_000];

/** See {@link AsyncQueue}. */
export const createQueue = (deps: QueueDeps): AsyncQueue => {
  const { store, clock, pool, specOf, configOf, queues, log } = deps;
  const { deliveries = () => [0], retryDelays = lambdaRetryDelays } = deps;
  const journal = store.collection<QueuedEvent>("lambda-events");
  /** Events that are due but found no worker, oldest first. */
  const held = new Set<QueuedEvent>();

  const giveUp = (event: QueuedEvent, reason: GivenUp, result?: InvocationResult): void => {
    const { onFailure } = configOf(event.functionArn);
    log.warn(`${event.functionArn} gave up event ${event.requestId}: ${reason}`);
    store.transaction(() => {
      journal.delete(event.requestId);
      if (onFailure === undefined) return;
      const record = failureRecord(event, reason, clock.now(), result);
      try {
        queues.send(onFailure, JSON.stringify(record));
      } catch (error) {
        // As in AWS, an event that cannot be delivered to its destination either is lost, loudly.
        log.error(`event ${event.requestId} could not be sent to ${onFailure}`, error);
      }
    });
  };

  const failed = (event: QueuedEvent, result: InvocationResult): void => {
    const failures = event.failures + 1;
    if (failures > configOf(event.functionArn).retries) {
      giveUp({ ...event, failures }, "RetriesExhausted", result);
      return;
    }
    const again = { ...event, failures, due: clock.now() + (retryDelays[failures - 1] ?? 0) };
    journal.put(again.requestId, again);
    schedule(again);
  };

  const attempt = async (event: QueuedEvent, spec: FunctionSpec): Promise<void> => {
    try {
      const result = await pool.run(spec, event.payload, event.requestId);
      if (result.functionError === undefined) journal.delete(event.requestId);
      else failed(event, result);
    } catch (error) {
      log.error(`event ${event.requestId} of ${event.functionArn} could not be run`, error);
      const payload = { errorType: "Lambda.Unknown", errorMessage: String(error) };
      failed(event, { payload, functionError: "Unhandled" });
    }
  };

  const begin = (event: QueuedEvent): void => {
    const spec = specOf(event.functionArn);
    const age = clock.now() - event.acceptedAt;
    const { maximumAge } = configOf(event.functionArn);
    if (spec === undefined) giveUp(event, "FunctionNotFound");
    else if (age > maximumAge * 1000) giveUp(event, "EventAgeExceeded");
    else if (pool.hasRoom(spec)) void attempt(event, spec);
    else held.add(event);
  };

  const schedule = (event: QueuedEvent): void => void clock.at(event.due, () => begin(event));

  pool.onRoom(() => {
    for (const event of [...held]) {
      held.delete(event);
      begin(event);
    }
  });

  return {
    enqueue: (functionArn, payload) => {
      const acceptedAt = clock.now();
      for (const delay of deliveries(functionArn.split(":")[6] ?? functionArn)) {
        const requestId = randomUUID();
        const due = acceptedAt + delay;
        const event = { requestId, functionArn, payload, acceptedAt, failures: 0, due };
        journal.put(requestId, event);
        schedule(event);
      }
    },
    resume: () => {
      const events = journal.list().map(({ document }) => document);
      for (const event of events.sort((a, b) => a.acceptedAt - b.acceptedAt)) schedule(event);
    },
  };
};
