import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { apiClient } from "../support/client.ts";
import type { SandboxProcess } from "../support/sandbox.ts";
import type { Cycle } from "./cycles.ts";
import { type Call, createObserver, type StoredRequest } from "./observer.ts";
import { createOperator } from "./operator.ts";
import { type CallSite, callSites, faultKinds, type Point } from "./points.ts";
import {
  brokenByChanges,
  brokenByEvents,
  brokenByRecord,
  dueOf,
  isOver,
  lagOf,
  longestLag,
} from "./rules.ts";

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

/** How long a request may take, in milliseconds of the machine's time. */
const patience = 120_000;

/** Between two looks, in milliseconds of the machine's time: longer and longer while nothing happens to the request. */
const pauses = { shortest: 100, longest: 500, growth: 1.3 };

const Id = z.looseObject({ id: z.string() });
const Faults = z.object({ faults: z.array(z.looseObject({ hits: z.number() })) });

/** Plays whole requests in a sandbox, one after the other: request, approval, grant, expiry, deescalation. */
export const createPlayer = (sandbox: SandboxProcess) => {
  const api = apiClient(sandbox.apiUrl);
  const observer = createObserver(sandbox);
  const operator = createOperator(sandbox.awsUrl, observer);
  const turns = new Map<string, number>();
  const played = new Set<string>();
  let asked = 0;
  let before: string | undefined;

  const faults = async (method: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`${sandbox.apiUrl}/sandbox/faults`, init);
    if (!answer.ok) throw new Error(`${method} faults: ${await answer.text()}`);
    return answer.json();
  };

  const arm = async ({ kind, nth, function: name, service, operation }: Point): Promise<void> => {
    const site = { function: name, service, operation };
    const skip = nth === 0 ? {} : { skip: nth };
    await faults("POST", { ...faultKinds[kind], ...skip, ...site, times: 1 });
  };

  /** As a careful client does: the same call again, with the same key, until it is answered. */
  const insist = async (
    person: string,
    path: string,
    wanted: number,
    body?: unknown,
  ): Promise<unknown> => {
    const key = `cycle-${asked}`;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await api.call(person, "POST", path, body, { "idempotency-key": key });
      if (answer.status === wanted) return answer.body;
      if (attempt === 8) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
      await setTimeout(200 * attempt);
    }
  };

  const nextRequester = ({ name, requesters }: Cycle): string => {
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    return requesters[turn % requesters.length] ?? "";
  };

  const ask = async (cycle: Cycle, person: string): Promise<string> => {
    const { flow, target, duration, approver } = cycle;
    asked += 1;
    const body = { flow, target, duration, reason: "fault matrix" };
    const { id } = Id.parse(await insist(person, "/requests", 202, body));
    if (played.has(id)) throw new Error(`${id} was played before`);
    played.add(id);
    if (approver !== undefined) await insist(approver, `/requests/${id}/approve`, 200);
    return id;
  };

  /** What is wrong with the access at this moment. */
  const brokenNow = async (
    { thing, isStanding = false }: Cycle,
    email: string,
    id: string,
    request: StoredRequest,
  ): Promise<string[]> => {
    const has = await observer.has(thing, email);
    if (isStanding) return has ? [] : ["(c) standing access is not there"];
    if (!has) return [];
    const broken: string[] = [];
    const due = dueOf(request);
    const isLate = due !== undefined && Date.parse(await observer.now()) > due + longestLag * 1_000;
    if (isLate && (await observer.has(thing, email)))
      broken.push(`(b) there is access ${longestLag} s after its end`);
    const isSafe = (await observer.isEndOutstanding(id)) || !(await observer.has(thing, email));
    if (!isSafe) broken.push("(a) there is access that nothing will end");
    return broken;
  };

  /** Looks at the access until the request is over, and lets the operator do what the cycle says. */
  const watch = async (cycle: Cycle, email: string, id: string): Promise<Set<string>> => {
    const broken = new Set<string>();
    const giveUp = Date.now() + patience;
    let act = cycle.whileActive;
    let pause = pauses.shortest;
    let seen = "";
    for (;;) {
      const request = await observer.request(id);
      const same = seen === JSON.stringify(request);
      pause = same ? Math.min(pause * pauses.growth, pauses.longest) : pauses.shortest;
      seen = JSON.stringify(request);
      for (const reason of await brokenNow(cycle, email, id, request)) broken.add(reason);
      if (act !== undefined && request.status === "active") {
        await act(operator, id);
        act = undefined;
      }
      if (isOver(request)) break;
      if (Date.now() > giveUp)
        return broken.add(`(d) ${request.status} after ${patience / 1_000} s`);
      await setTimeout(pause);
    }
    if (act !== undefined) broken.add("it was never seen to be active");
    return broken;
  };

  const playThrough = async (cycle: Cycle, point: Point | undefined) => {
    const person = nextRequester(cycle);
    const email = `${person}@acme.example`;
    await faults("DELETE");
    const broken: string[] = [];
    const found = await observer.everything();
    if (found !== (before ?? found)) broken.push("(b, c) access changed after the last request");
    before = found;
    const start = await observer.now();
    if (point !== undefined) await arm(point);

    const id = await ask(cycle, person);
    broken.push(...(await watch(cycle, email, id)));
    await cycle.afterwards?.(operator);

    const struck = Faults.parse(await faults("GET")).faults.some(({ hits }) => hits > 0);
    if ((await observer.everything()) !== before) broken.push("(b, c) access is not what it was");
    const calls = await observer.callsSince(start);
    if (cycle.isStanding) broken.push(...brokenByChanges(calls));
    const told = (await api.inbox()).map(({ message }) => message);
    broken.push(...brokenByEvents(told.filter((event) => event.id.startsWith(id))));
    const request = await observer.request(id);
    broken.push(...brokenByRecord(cycle, request));
    return { broken, struck, status: request.status, lag: lagOf(request), calls };
  };

  const playFully = (cycle: Cycle, point?: Point): Promise<Outcome & { calls: Call[] }> =>
    cycle.without === undefined
      ? playThrough(cycle, point)
      : operator.without(cycle.without, () => playThrough(cycle, point));

  return {
    play: async (cycle: Cycle, point?: Point): Promise<Outcome> => {
      const { calls: _, ...outcome } = await playFully(cycle, point);
      return outcome;
    },
    /** Plays a cycle without a fault and answers every call in it that is to be struck. */
    record: async (cycle: Cycle): Promise<CallSite[]> => {
      const { broken, calls } = await playFully(cycle);
      if (broken.length > 0) throw new Error(`${cycle.name}: ${broken.join(", ")}`);
      return callSites(cycle, calls);
    },
  };
};

export type Player = ReturnType<typeof createPlayer>;
