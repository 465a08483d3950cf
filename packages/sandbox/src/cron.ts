import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "./clock.ts";
import type { Rule } from "./deployment.ts";
import type { LambdaRuntime } from "./lambda/runtime.ts";
import type { Log } from "./log.ts";
import type { Store } from "./store.ts";

/** Fires the rules that have a schedule. */
export interface Cron {
  /** A rule that was due while the sandbox was off fires once, at once; a new one after its first interval. */
  start(): void;
  stop(): void;
}

export interface CronDeps {
  rules: readonly Rule[];
  accountId: string;
  region: string;
  store: Store;
  clock: Clock;
  lambda: Pick<LambdaRuntime, "enqueue">;
  isEnabled(ruleName: string): boolean;
  log: Log;
}

const units: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * Milliseconds of `rate(5 minutes)`.
 *
 * @throws Error for any other form of schedule
 */
export const intervalOf = (schedule: string): number => {
  const { count, unit } =
    /^rate\((?<count>[1-9]\d*) (?<unit>minute|hour|day)s?\)$/.exec(schedule)?.groups ?? {};
  const length = units[unit ?? ""];
  if (length === undefined) throw new Error(`the sandbox knows no schedule like "${schedule}"`);
  return Number(count) * length;
};

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html */
const scheduledEvent = (rule: Rule, { accountId, region }: CronDeps, now: number) => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: accountId,
  time: new Date(now).toISOString().replace(/\.\d+Z$/, "Z"),
  region,
  resources: [rule.arn],
  detail: {},
});

/** See {@link Cron}. The time of the last run is kept, so that a restart neither skips nor repeats one. */
export const createCron = (deps: CronDeps): Cron => {
  const { rules, store, clock, lambda, isEnabled, log } = deps;
  const lastRuns = store.collection<{ at: number }>("cron-runs");
  const timers = new Map<string, Timer>();

  const deliver = (rule: Rule, now: number): void => {
    for (const { arn, input } of rule.targets) {
      try {
        lambda.enqueue(
          arn,
          input === undefined ? scheduledEvent(rule, deps, now) : JSON.parse(input),
        );
      } catch (error) {
        log.error(`the rule ${rule.name} could not reach ${arn}`, error);
      }
    }
  };

  const fire = (rule: Rule, interval: number): void => {
    const now = clock.now();
    store.transaction(() => {
      lastRuns.put(rule.name, { at: now });
      if (isEnabled(rule.name)) deliver(rule, now);
    });
    arm(rule, now, interval);
  };

  const arm = (rule: Rule, lastRun: number, interval: number): void => {
    timers.set(
      rule.name,
      clock.at(lastRun + interval, () => fire(rule, interval)),
    );
  };

  const begin = (rule: Rule): number => {
    const at = clock.now();
    lastRuns.put(rule.name, { at });
    return at;
  };

  return {
    start: () => {
      for (const rule of rules) {
        if (rule.schedule === undefined) continue;
        const lastRun = lastRuns.get(rule.name)?.at ?? begin(rule);
        arm(rule, lastRun, intervalOf(rule.schedule));
      }
    },
    stop: () => {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
};
