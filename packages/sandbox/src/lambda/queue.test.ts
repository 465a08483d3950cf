import { beforeEach, describe, expect, it } from "vitest";
import type { AsyncConfig } from "../deployment.ts";
import { openStore, type Store } from "../store.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import { type AsyncQueue, createQueue, type QueueDeps, type QueuedEvent } from "./queue.ts";
import type { InvocationResult } from "./runtime.ts";
import { aSpec } from "./testing/specs.ts";

const spec = aSpec("expire");
const crash: InvocationResult = {
  functionError: "Unhandled",
  payload: { errorType: "Error", errorMessage: "boom" },
};

let clock: ManualClock;
let store: Store;
let sent: { queue: string; body: Record<string, unknown> }[];
let runs: { payload: string; requestId: string | undefined }[];
let answers: (InvocationResult | "never" | Error)[];
let room: boolean;
let tellRoom: () => void;

beforeEach(() => {
  clock = createManualClock();
  store = openStore(":memory:");
  sent = [];
  runs = [];
  answers = [];
  room = true;
});

const aQueue = (
  config: Partial<AsyncConfig> = {},
  overrides: Partial<QueueDeps> = {},
): AsyncQueue =>
  createQueue({
    store,
    clock,
    specOf: (arn) => (arn === spec.arn ? spec : undefined),
    configOf: () => ({ retries: 2, maximumAge: 3600, onFailure: "arn:aws:sqs:::dead", ...config }),
    queues: { send: (queue, body) => void sent.push({ queue, body: JSON.parse(body) }) },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    pool: {
      hasRoom: () => room,
      onRoom: (callback) => {
        tellRoom = callback;
      },
      run: async (_spec, payload, requestId) => {
        runs.push({ payload, requestId });
        const answer = answers.shift() ?? { payload: null };
        if (answer instanceof Error) throw answer;
        return answer === "never" ? new Promise(() => {}) : answer;
      },
    },
    ...overrides,
  });

const journal = () => store.collection<QueuedEvent>("lambda-events");
/** Goes on until the retries are over: a minute after the first attempt, two after the second. */
const settled = async (): Promise<void> => {
  await clock.advance(180_000);
  expect(journal().list()).toEqual([]);
};

describe("an asynchronous event", () => {
  it("is journalled before anything runs, and forgotten once it succeeded", async () => {
    aQueue().enqueue(spec.arn, '{"request":"req_1"}');
    expect(journal().list()).toMatchObject([{ document: { payload: '{"request":"req_1"}' } }]);
    expect(runs).toEqual([]);
    await settled();
    expect(runs).toHaveLength(1);
    expect(sent).toEqual([]);
  });

  it("is retried after one minute and after two more", async () => {
    answers = [crash, crash];
    aQueue().enqueue(spec.arn, "{}");
    const counts: number[] = [];
    for (const milliseconds of [59_999, 1, 119_999, 1]) {
      await clock.advance(milliseconds);
      counts.push(runs.length);
    }
    expect(counts).toEqual([1, 2, 2, 3]);
  });

  it("is retried twice under the same request id, then sent to the destination", async () => {
    answers = [crash, crash, crash];
    aQueue().enqueue(spec.arn, '{"request":"req_1"}');
    await settled();
    expect(runs).toHaveLength(3);
    expect(new Set(runs.map(({ requestId }) => requestId)).size).toBe(1);
    expect(sent).toEqual([
      {
        queue: "arn:aws:sqs:::dead",
        body: {
          version: "1.0",
          timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
          requestContext: {
            requestId: runs[0]?.requestId,
            functionArn: `${spec.arn}:$LATEST`,
            condition: "RetriesExhausted",
            approximateInvokeCount: 3,
          },
          requestPayload: { request: "req_1" },
          responseContext: {
            statusCode: 200,
            executedVersion: "$LATEST",
            functionError: "Unhandled",
          },
          responsePayload: { errorType: "Error", errorMessage: "boom" },
        },
      },
    ]);
  });

  it("that succeeds on a retry is not sent to the destination", async () => {
    answers = [crash];
    aQueue().enqueue(spec.arn, "{}");
    await settled();
    expect(runs).toHaveLength(2);
    expect(sent).toEqual([]);
  });

  it("is not retried where the function's configuration says so", async () => {
    answers = [crash];
    aQueue({ retries: 0, onFailure: undefined }).enqueue(spec.arn, "{}");
    await settled();
    expect(runs).toHaveLength(1);
    expect(sent).toEqual([]);
  });

  it("counts a runtime that broke as a failure, too", async () => {
    answers = [new Error("no worker"), crash, crash];
    aQueue().enqueue(spec.arn, "{}");
    await settled();
    expect(runs).toHaveLength(3);
    expect(sent).toHaveLength(1);
  });

  it("older than the maximum age is given up without a run", async () => {
    const old = { requestId: "r", functionArn: spec.arn, payload: "{}", failures: 1, due: 0 };
    journal().put("r", { ...old, acceptedAt: clock.now() - 3_600_001 });
    aQueue().resume();
    await settled();
    expect(runs).toEqual([]);
    expect(sent).toMatchObject([
      { body: { requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 1 } } },
    ]);
    expect(sent[0]?.body).not.toHaveProperty("responsePayload");
  });

  it("waits, without being spent, until a worker is free", async () => {
    room = false;
    aQueue().enqueue(spec.arn, "{}");
    await clock.advance(10_000);
    tellRoom();
    expect(runs).toEqual([]);
    room = true;
    tellRoom();
    await settled();
    expect(runs).toHaveLength(1);
  });
});

describe("an event that a fault strikes", () => {
  it("comes as late, and as often, as the fault says, after a restart, too", async () => {
    const deliveries = (name: string) => (name === "expire" ? [0, 5_000] : []);
    aQueue({}, { deliveries }).enqueue(spec.arn, "{}");
    await clock.advance(4_999);
    expect(runs).toHaveLength(1);
    aQueue().resume();
    await clock.advance(1);
    expect(runs).toHaveLength(2 + 1);
  });
});

describe("after a restart", () => {
  it("an event whose run was cut off runs again", async () => {
    answers = ["never"];
    aQueue().enqueue(spec.arn, "{}");
    await clock.advance(0);
    expect(runs).toHaveLength(1);

    aQueue().resume();
    await settled();
    expect(runs).toHaveLength(2);
    expect(runs[1]).toEqual(runs[0]);
  });

  it("an event goes on with the retries it has left", async () => {
    const event = { functionArn: spec.arn, payload: "{}", failures: 2, acceptedAt: clock.now() };
    journal().put("r", { ...event, requestId: "r", due: clock.now() });
    answers = [crash];
    aQueue().resume();
    await settled();
    expect(runs).toHaveLength(1);
    expect(sent).toMatchObject([{ body: { requestContext: { approximateInvokeCount: 3 } } }]);
  });

  it("an event of a function that is gone is given up", async () => {
    const event = { functionArn: "arn:gone", payload: "{}", failures: 0, acceptedAt: clock.now() };
    journal().put("r", { ...event, requestId: "r", due: clock.now() });
    aQueue().resume();
    await settled();
    expect(sent).toMatchObject([{ body: { requestContext: { condition: "FunctionNotFound" } } }]);
  });
});
