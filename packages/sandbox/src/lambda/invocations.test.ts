import { beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "../store.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { type Invocations, recordInvocations } from "./invocations.ts";
import type { Pool } from "./pool.ts";
import type { InvocationResult } from "./runtime.ts";
import { aSpec } from "./testing/specs.ts";

const watched = aSpec("db-admin");
const other = aSpec("escalate");
const noon = Date.parse("2026-11-20T12:00:00.000Z");
let store: Store;
let room: boolean;
let results: Promise<InvocationResult>[];

const record = (): Pool & Invocations => {
  const pool: Pool = {
    hasRoom: () => room,
    onRoom: () => {},
    kill: async () => {},
    close: async () => {},
    run: async () => {
      if (!room) throw new Error("no room");
      return (await results.shift()) ?? { payload: null };
    },
  };
  return recordInvocations({ pool, store, clock: createManualClock(noon), watched: [watched] });
};

beforeEach(() => {
  store = openStore(":memory:");
  room = true;
  results = [];
});

describe("the record of invocations", () => {
  it("shows what a function was called with, and what it answered", async () => {
    const pool = record();
    results.push(Promise.resolve({ payload: { body: {}, errors: [] } }));
    await pool.run(watched, '{"id":"1"}');
    expect(pool.list()).toEqual([
      {
        function: "db-admin",
        at: "2026-11-20T12:00:00.000Z",
        payload: { id: "1" },
        answer: { body: {}, errors: [] },
        error: null,
      },
    ]);
  });

  it("shows how a function failed", async () => {
    const pool = record();
    const payload = { errorType: "Error", errorMessage: "boom", trace: [] };
    results.push(Promise.resolve({ payload, functionError: "Unhandled" }));
    await pool.run(watched, "{}");
    expect(pool.list()).toMatchObject([
      { answer: null, error: { errorType: "Error", errorMessage: "boom" } },
    ]);
  });

  it("shows a function that runs, also after a restart", async () => {
    results.push(new Promise(() => {}));
    void record().run(watched, '{"id":"1"}');
    const pool = record();
    await pool.run(watched, '{"id":"2"}');
    expect(pool.list("db-admin")).toMatchObject([
      { payload: { id: "1" }, answer: null, error: null },
      { payload: { id: "2" } },
    ]);
  });

  it("knows the functions apart, and watches no others", async () => {
    const pool = record();
    await pool.run(watched, "{}");
    await pool.run(other, "{}");
    expect(pool.list()).toHaveLength(1);
    expect(pool.list("noisy")).toEqual([]);
  });

  it("has nothing of an invocation for which there was no room", async () => {
    room = false;
    const pool = record();
    await expect(pool.run(watched, "{}")).rejects.toThrow("no room");
    expect(pool.list()).toEqual([]);
  });
});
