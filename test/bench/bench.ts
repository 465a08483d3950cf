import { setTimeout } from "node:timers/promises";
import type { RequestView } from "../support/client.ts";
import { apiClient } from "../support/client.ts";
import type { SandboxProcess } from "../support/sandbox.ts";
import { type Call, watchCalls } from "./calls.ts";
import { accounts, people } from "./crowd.ts";
import { type Asking, createDriver, type Taken } from "./requests.ts";
import { type Usage, usageOf } from "./usage.ts";

/** What a run of the bench came to. Times are milliseconds since the epoch. */
export interface BenchResult {
  /** When the approvals were sent, and when the last access of either kind had been given and taken away. */
  start: number;
  end: number;
  approved: RequestView[];
  expired: RequestView[];
  /** All calls on the AWS endpoint between the two. */
  calls: Call[];
  usage: Usage;
  /** Seconds of all cores between the two. */
  cpu: number;
  /** What was answered other than with success, and what did not come to its end. */
  problems: string[];
}

/** How many calls of ours are under way at once: each holds a connection, and the gateway gives up on one after 30 seconds. */
const together = 16;

/** How long the approved ones last: as much longer as giving them all may take. */
const secondDuration = "15m";

/** How long anything may take, in milliseconds. */
const patience = 15 * 60_000;

const admin = "carol";
const approver = "bob";

const done = new Set(["active", "ended", "failed", "deescalating", "denied", "lapsed"]);
const over = new Set(["ended", "failed"]);

/** Runs the work over all items, some at a time. */
const inTurns = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  const queue = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift())
      results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: together }, worker));
  return results;
};

/** One of each person for each account, so that no two are for the same thing; the first `count` of them, account after account. */
const wishes = (flow: string, suffix: string, duration: string, count: number): Asking[] =>
  people
    .flatMap((name) =>
      accounts.map((account) => ({ name, flow, target: `${account}${suffix}`, duration })),
    )
    .slice(0, count);

/** How much the bench does. */
export interface BenchSize {
  approving: number;
  expiring: number;
  /** How long the expiring accesses last: until all of them are given, and a little longer. */
  lasting: string;
}

/**
 * Gives `expiring` accesses, and while they end one after the other approves `approving` requests at once.
 *
 * @param sandbox strict, with the bench's crowd and configuration
 */
export const runBench = async (
  sandbox: SandboxProcess,
  { approving, expiring, lasting }: BenchSize,
  report: (line: string) => void,
): Promise<BenchResult> => {
  const api = apiClient(sandbox.apiUrl);
  const driver = createDriver(api, report);
  const ask = async (asked: Asking[]): Promise<string[]> => {
    const taken = await inTurns(asked, driver.ask);
    return taken.filter((it): it is Taken => it !== undefined).map(({ id }) => id);
  };

  report("asking for what is to expire");
  const expiringIds = await ask(wishes("quick-access", "-poweruser", lasting, expiring));
  report("asking for what is to be approved");
  const approvedIds = await ask(wishes("approved-access", "-readonly", secondDuration, approving));
  await driver.until(admin, expiringIds, patience, done);
  const [first] = await inTurns(expiringIds.slice(0, 1), (id) => api.request(admin, id));
  const wait = Date.parse(first?.expiresAt ?? "") - Date.now();
  report(`the first ends in ${(wait / 1_000).toFixed(0)} s: then the approvals are sent`);
  await setTimeout(Math.max(0, wait));

  const watch = watchCalls(sandbox.apiUrl);
  const before = usageOf(sandbox.pid);
  const start = Date.now();
  await inTurns(approvedIds, (id) => driver.approve(approver, id));
  report(`${approvedIds.length} approvals were answered after ${Date.now() - start} ms`);
  await driver.until(admin, expiringIds, patience, over);
  await driver.until(admin, approvedIds, patience, done);
  const usage = usageOf(sandbox.pid);
  const calls = await watch.stop();

  report("reading what became of each");
  const read = (ids: string[]): Promise<RequestView[]> =>
    inTurns(ids, (id) => api.request(admin, id));
  const [expired, approved] = [await read(expiringIds), await read(approvedIds)];
  const wrong = [
    ...expired.filter(({ status }) => status !== "ended"),
    ...approved.filter(({ status }) => status !== "active"),
  ];
  return {
    start,
    end: lastOf(approved, expired),
    approved,
    expired,
    calls: calls.filter(({ at }) => Date.parse(at) >= start),
    usage,
    cpu: usage.cpu - before.cpu,
    problems: [
      ...driver.refused,
      ...wrong.map(({ id, status, errors }) => `${id} is ${status}: ${errors.join("; ")}`),
      ...missing(approving, approvedIds),
      ...missing(expiring, expiringIds),
    ],
  };
};

const missing = (wanted: number, { length }: string[]): string[] =>
  length === wanted ? [] : [`${wanted - length} requests were not taken`];

const lastOf = (approved: RequestView[], expired: RequestView[]): number =>
  Math.max(
    ...approved.map(({ activatedAt }) => Date.parse(activatedAt ?? "")),
    ...expired.map(({ endedAt }) => Date.parse(endedAt ?? "")),
  );
