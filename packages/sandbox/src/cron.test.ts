import { beforeEach, describe, expect, it } from "vitest";
import { type Cron, createCron, intervalOf } from "./cron.ts";
import type { Rule } from "./deployment.ts";
import { openStore, type Store } from "./store.ts";
import { createManualClock, type ManualClock } from "./testing/manual-clock.ts";

const minutes = 60_000;
const reconcile: Rule = {
  name: "reconcile",
  arn: "arn:rule/reconcile",
  enabled: true,
  pattern: undefined,
  schedule: "rate(5 minutes)",
  targets: [{ id: "1", arn: "arn:reconcile", input: undefined }],
};

let clock: ManualClock;
let store: Store;
let enabled: boolean;
let fired: { arn: string; payload: unknown }[];

beforeEach(() => {
  clock = createManualClock(Date.parse("2026-11-20T12:00:00Z"));
  store = openStore(":memory:");
  enabled = true;
  fired = [];
});

const aCron = (rules: Rule[] = [reconcile]): Cron =>
  createCron({
    rules,
    accountId: "666666666666",
    region: "us-east-1",
    store,
    clock,
    lambda: { enqueue: (arn, payload) => void fired.push({ arn, payload }) },
    isEnabled: () => enabled,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });

describe("a rule with a schedule", () => {
  it("fires after each interval, with EventBridge's event", async () => {
    aCron().start();
    await clock.advance(5 * minutes - 1);
    expect(fired).toEqual([]);
    await clock.advance(1);
    expect(fired).toEqual([
      {
        arn: "arn:reconcile",
        payload: {
          version: "0",
          id: expect.any(String),
          "detail-type": "Scheduled Event",
          source: "aws.events",
          account: "666666666666",
          time: "2026-11-20T12:05:00Z",
          region: "us-east-1",
          resources: ["arn:rule/reconcile"],
          detail: {},
        },
      },
    ]);
    await clock.advance(10 * minutes);
    expect(fired).toHaveLength(3);
  });

  it("hands over its input where it has one", async () => {
    aCron([{ ...reconcile, targets: [{ id: "1", arn: "arn:a", input: '{"x":1}' }] }]).start();
    await clock.advance(5 * minutes);
    expect(fired).toEqual([{ arn: "arn:a", payload: { x: 1 } }]);
  });

  it("does not fire while it is disabled, but does once it is enabled again", async () => {
    enabled = false;
    aCron().start();
    await clock.advance(5 * minutes);
    expect(fired).toEqual([]);
    enabled = true;
    await clock.advance(5 * minutes);
    expect(fired).toHaveLength(1);
  });

  it("fires once, at once, when it was overdue at the start", async () => {
    const first = aCron();
    first.start();
    first.stop();
    await clock.advance(17 * minutes);
    expect(fired).toEqual([]);

    aCron().start();
    await clock.advance(0);
    expect(fired).toHaveLength(1);
    await clock.advance(5 * minutes);
    expect(fired).toHaveLength(2);
  });

  it("keeps its beat over a restart", async () => {
    const first = aCron();
    first.start();
    await clock.advance(4 * minutes);
    first.stop();
    aCron().start();
    await clock.advance(1 * minutes);
    expect(fired).toHaveLength(1);
  });
});

describe("the interval", () => {
  it.each([
    ["rate(1 minute)", 1 * minutes],
    ["rate(5 minutes)", 5 * minutes],
    ["rate(2 hours)", 120 * minutes],
    ["rate(1 day)", 1440 * minutes],
  ])("of %s is %d ms", (schedule, expected) => {
    expect(intervalOf(schedule)).toBe(expected);
  });

  it.each(["rate(0 minutes)", "rate(5 seconds)", "cron(0 12 * * ? *)", "5 minutes"])(
    "of %s is not known",
    (schedule) => {
      expect(() => intervalOf(schedule)).toThrow(schedule);
    },
  );
});
