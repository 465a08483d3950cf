import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { acme, identityCenter } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import type { SandboxProcess } from "../support/sandbox.ts";
import { type Assignment, createObserver, type Observer, type StoredRequest } from "./observer.ts";
import { type CallSite, callSites, faultKinds, type Point } from "./points.ts";

/** What one request with one fault came to. */
export interface Outcome {
  /** What is not as it should be. */
  broken: string[];
  /** Whether the fault struck. */
  struck: boolean;
  status: string;
  /** From the moment at which the access was to end until it was verified to be gone, in seconds. */
  lag: number | undefined;
}

/** After the end, access must be gone within this many seconds: a dead invocation's lock (90) and the retries until then, the last 64 s after the one before. */
export const longestLag = 200;

/** How long a cycle may take, in milliseconds of the machine's time. */
const patience = 90_000;

const people = ["alice", "dave", "erin"] as const;
const permissionSets = {
  "prod-readonly": "ps-readonly0000000a",
  "prod-poweruser": "ps-poweruser000000a",
};
const prod = "222222222222";
const over = ["ended", "failed", "denied", "cancelled", "lapsed"];
const terminal = [
  "access.ended",
  "request.failed",
  "request.denied",
  "request.cancelled",
  "request.lapsed",
];

const Id = z.looseObject({ id: z.string() });
const Calls = z.object({
  calls: z.array(
    z.looseObject({ function: z.string().optional(), service: z.string(), operation: z.string() }),
  ),
});
const Faults = z.object({ faults: z.array(z.looseObject({ hits: z.number() })) });

/** Plays whole requests in a sandbox, one after the other: request, approval, grant, expiry, deescalation. */
export const createPlayer = (sandbox: SandboxProcess) => {
  const api = apiClient(sandbox.apiUrl);
  const observer = createObserver(sandbox.awsUrl);
  const played = new Set<string>();
  let cycles = 0;

  const own = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`${sandbox.apiUrl}/sandbox/${path}`, init);
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.json();
  };

  /** As a careful client does: the same call again, with the same key, until it is answered. */
  const insist = async (
    person: string,
    path: string,
    wanted: number,
    body?: unknown,
  ): Promise<unknown> => {
    const key = `cycle-${cycles}`;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await api.call(person, "POST", path, body, { "idempotency-key": key });
      if (answer.status === wanted) return answer.body;
      if (attempt === 8) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
      await setTimeout(200 * attempt);
    }
  };

  const arm = async ({ kind, nth, ...site }: Point): Promise<void> => {
    const skip = nth === 0 ? {} : { skip: nth };
    const fault = { ...faultKinds[kind], ...skip, ...site, times: 1 };
    await own("POST", "faults", fault);
  };

  const play = async (point: Point | undefined): Promise<Outcome> => {
    cycles += 1;
    // In turn, so that nobody gets what was taken from them a moment ago.
    const person = people[cycles % people.length] ?? "alice";
    const target = cycles % 2 === 0 ? "prod-readonly" : "prod-poweruser";
    const assignment: Assignment = {
      account: prod,
      permissionSet: acme.readOnly.replace("ps-readonly0000000a", permissionSets[target]),
      user: await identityCenter(sandbox.awsUrl).userId(person),
    };
    await own("DELETE", "faults");
    const before = await observer.everything();
    if (point !== undefined) await arm(point);

    const body = { flow: "prod-access", target, duration: "3m", reason: "fault matrix" };
    const { id } = Id.parse(await insist(person, "/requests", 202, body));
    if (played.has(id)) throw new Error(`${id} was played before`);
    played.add(id);
    await insist("bob", `/requests/${id}/approve`, 200);
    const { request, broken } = await watch(observer, id, assignment);

    const { faults } = Faults.parse(await own("GET", "faults"));
    if ((await observer.everything()) !== before) broken.push("(b, c) assignments differ");
    const told = (await api.inbox()).filter(({ message }) => message.id.startsWith(id));
    const ends = new Set(
      told
        .filter(({ message }) => terminal.includes(message.event))
        .map(({ message }) => message.id),
    );
    if (ends.size !== 1) broken.push(`(d) ${ends.size} terminal events were published`);
    return {
      broken: [...broken, ...brokenRules(request)],
      struck: faults.some(({ hits }) => hits > 0),
      status: request.status,
      lag: lagOf(request),
    };
  };

  return {
    play,
    /** Plays a cycle without a fault and answers every call that functions made in it. */
    record: async (): Promise<CallSite[]> => {
      const { now } = z.object({ now: z.string() }).parse(await own("GET", "clock"));
      const outcome = await play(undefined);
      if (outcome.broken.length > 0) throw new Error(outcome.broken.join(", "));
      const path = `calls?since=${encodeURIComponent(now)}`;
      return callSites(Calls.parse(await own("GET", path)).calls);
    },
  };
};

export type Player = ReturnType<typeof createPlayer>;

/** Waits until the request is over and everything about it is published, and looks at the access all the while. */
const watch = async (
  observer: Observer,
  id: string,
  assignment: Assignment,
): Promise<{ request: StoredRequest; broken: string[] }> => {
  const broken = new Set<string>();
  const giveUp = Date.now() + patience;
  for (;;) {
    const request = await observer.request(id);
    if (await observer.has(assignment)) {
      const isSafe = (await observer.isEndOutstanding(id)) || !(await observer.has(assignment));
      if (!isSafe) broken.add("(a) there is access that nothing will end");
    }
    const isOver = over.includes(request.status) && request.published === request.history.length;
    if (isOver) return { request, broken: [...broken] };
    if (Date.now() > giveUp)
      return { request, broken: [...broken, `(d) ${request.status} after ${patience / 1_000} s`] };
    await setTimeout(100);
  }
};

const momentOf = ({ history }: StoredRequest, event: string): number =>
  history.findIndex((entry) => entry.event === event);

const lagOf = ({ expiresAt, endRequested, endedAt }: StoredRequest): number | undefined => {
  const due = [expiresAt, endRequested?.at].flatMap((at) => (at ? [Date.parse(at)] : []));
  return endedAt === undefined || due.length === 0
    ? undefined
    : (Date.parse(endedAt) - Math.min(...due)) / 1_000;
};

const brokenRules = (request: StoredRequest): string[] => {
  const broken: string[] = [];
  const lag = lagOf(request);
  if (lag !== undefined && lag > longestLag) broken.push(`(b) gone ${lag} s after the end`);
  const [approved, granted] = [
    momentOf(request, "request.approved"),
    momentOf(request, "access.granted"),
  ];
  if (granted !== -1 && (approved === -1 || approved > granted))
    broken.push("(e) active without an approval");
  if (granted !== -1 && request.endRequested === undefined && (lag ?? 0) < 0)
    broken.push("ended early");
  return broken;
};
