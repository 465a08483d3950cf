import { acme, identityCenter } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import type { SandboxProcess } from "../support/sandbox.ts";
import { type Call, countBy, watchCalls } from "./calls.ts";
import { type Asking, createDriver, type Taken } from "./requests.ts";
import { usageOf } from "./usage.ts";

/** How much is asked for at once. */
export interface LoadSize {
  /** Requests of each of the five people. */
  each: number;
  duration: string;
  /** How long everything may take, in milliseconds. */
  limit: number;
}

/** What a run came to. */
export interface LoadResult {
  requests: number;
  /** From the first request until the last has ended, in seconds. */
  time: number;
  /** Resident, in MB. */
  peakMemory: number;
  calls: Call[];
  /** What was not as it should be, in words; empty for a run in which everything was. */
  problems: string[];
}

const people = ["alice", "bob", "carol", "dave", "erin"] as const;

const staging = { flow: "staging-access", target: "staging-readonly" };
const prod = { flow: "prod-access", target: "prod-readonly" };

/** Everyone may ask for staging, engineers for prod: carol is none. */
const wishesOf = (name: string, { each, duration }: LoadSize): Asking[] =>
  Array.from({ length: each }, (_, n) => ({
    name,
    ...(name === "carol" || n % 2 === 0 ? staging : prod),
    duration,
  }));

/** Nobody may approve their own. */
const approverFor = (name: string): string => (name === "bob" ? "carol" : "bob");

/** Lets five people ask for much at once on a fresh sandbox, approves what needs it, and waits until all of it is over. */
export const runLoad = async (
  sandbox: SandboxProcess,
  size: LoadSize,
  report: (line: string) => void = () => {},
): Promise<LoadResult> => {
  const driver = createDriver(apiClient(sandbox.apiUrl), report);
  const watch = watchCalls(sandbox.apiUrl);
  const before = await accessOf(sandbox);
  const start = Date.now();
  const wishes = people.flatMap((name) => wishesOf(name, size));

  const taken = await Promise.all(
    wishes.map(async (wish): Promise<Taken | undefined> => {
      const request = await driver.ask(wish);
      if (request?.status === "pending_approval")
        await driver.approve(approverFor(request.name), request.id);
      return request;
    }),
  );
  const ids = taken.flatMap((request) => request?.id ?? []);
  report(`${ids.length} requests were taken after ${Date.now() - start} ms`);

  const statuses = await driver.until("carol", ids, size.limit);
  const time = (Date.now() - start) / 1_000;
  const after = await accessOf(sandbox);
  const wrong = countBy(
    [...statuses.values()].filter((status) => status !== "ended"),
    (status) => status,
  );
  const changed = [...before].filter(([what, had]) => after.get(what) !== had);
  const { peakMemory } = usageOf(sandbox.pid);
  return {
    requests: wishes.length,
    time,
    peakMemory,
    calls: await watch.stop(),
    problems: [
      ...countBy(driver.refused, (it) => it).map(([what, count]) => `${count} × ${what}`),
      ...wrong.map(([status, count]) => `${count} requests are ${status}, not ended`),
      ...changed.map(([what, had]) => `${what}: ${had ? "had it, and has not" : "still has it"}`),
    ],
  };
};

/** By person and account: whether they are assigned ReadOnly. */
const accessOf = async ({ awsUrl }: SandboxProcess): Promise<Map<string, boolean>> => {
  const { isAssigned } = identityCenter(awsUrl);
  const found = new Map<string, boolean>();
  for (const name of people)
    for (const account of [acme.staging, acme.prod])
      found.set(`${name}'s ReadOnly on ${account}`, await isAssigned(name, account, acme.readOnly));
  return found;
};
