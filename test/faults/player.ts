import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { apiClient } from "../support/client.ts";
import type { SandboxProcess } from "../support/sandbox.ts";
import type { Cycle, Scene } from "./cycle.ts";
import { type Call, createObserver } from "./observer.ts";
import { createOperator } from "./operator.ts";
import { type CallSite, callSites, faultOf, type Point, pressingTime } from "./points.ts";
import { boundOf, brokenByChanges, brokenByEvents, brokenByRecord, lagOf } from "./rules.ts";
import { createWatch, type Play } from "./watch.ts";

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

const Id = z.looseObject({ id: z.string() });
const Fault = z.looseObject({ id: z.number(), hits: z.number() });
const Faults = z.object({ faults: z.array(Fault) });

/** The functions whose Lists and look-ups are behind. */
const lagging = ["escalate", "deescalate", "reconcile-leases"];

/** Plays whole requests in a sandbox, one after the other: request, approval, grant, expiry, deescalation. */
export const createPlayer = (sandbox: SandboxProcess) => {
  const api = apiClient(sandbox.apiUrl);
  const observer = createObserver(sandbox);
  const operator = createOperator(sandbox, observer);
  const watch = createWatch(observer, operator);
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

  /** @returns whether the fault has struck; with nothing to strike, true */
  const arm = async ({ lag }: Cycle, point: Point | undefined): Promise<() => Promise<boolean>> => {
    if (lag !== undefined)
      for (const service of ["sso", "identitystore"])
        await faults("POST", { service, operation: "*", lag, function: lagging });
    const fault = point === undefined ? undefined : faultOf(point);
    if (fault === undefined) return async () => true;
    const { id } = Fault.parse(await faults("POST", fault));
    return async () =>
      Faults.parse(await faults("GET")).faults.some((it) => it.id === id && it.hits > 0);
  };

  /** As a careful client does: the same call again, with the same key, until it is answered. */
  const insist = async (
    person: string,
    path: string,
    wanted: readonly number[],
    body?: unknown,
  ): Promise<unknown> => {
    const key = `cycle-${asked}`;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await api.call(person, "POST", path, body, { "idempotency-key": key });
      if (wanted.includes(answer.status)) return answer.body;
      if (attempt === 8) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
      await setTimeout(200 * attempt);
    }
  };

  const nextRequester = ({ name, requesters }: Cycle): string => {
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    return requesters[turn % requesters.length] ?? "";
  };

  const ask = async (play: Play, person: string, duration: string): Promise<string> => {
    const { flow, target, approver } = play.cycle;
    asked += 1;
    const body = { flow, target, duration, reason: "fault matrix" };
    const { id } = Id.parse(await insist(person, "/requests", [202], body));
    if (played.has(id)) throw new Error(`${id} was played before`);
    played.add(id);
    play.ids.push(id);
    if (approver !== undefined) await insist(approver, `/requests/${id}/approve`, [200]);
    return id;
  };

  /** An admin of Curfew who asks for nothing in any cycle. */
  const revoker = "carol";

  /** @param isRecorded whether nothing but the calls of the first request matters */
  const playThrough = async (cycle: Cycle, point: Point | undefined, isRecorded: boolean) => {
    const person = nextRequester(cycle);
    const email = `${person}@acme.example`;
    await faults("DELETE");
    const broken: string[] = [];
    const found = await observer.everything();
    if (found !== (before ?? found)) broken.push("(b, c) access changed after the last request");
    before = found;
    const spoiled = cycle.spoils ? { thing: cycle.thing, email } : undefined;
    const others = await observer.everything(spoiled);
    const start = await observer.now();
    const hasStruck = await arm(cycle, point);
    const bound = boundOf(cycle, point?.kind);
    const play: Play = {
      ...{ cycle, email, bound, ids: [], excused: new Set(), broken: new Set() },
      pressing: cycle.isNextPressing && point?.kind === "late" ? pressingTime(point) : 0,
    };

    let calls: Call[] | undefined;
    const id = await ask(play, person, cycle.duration);
    const scene: Scene = {
      operator,
      id,
      email,
      revoke: async () => void (await insist(revoker, `/requests/${id}/revoke`, [200, 409])),
      askAgain: async (duration) => {
        calls ??= await observer.callsSince(start);
        if (isRecorded) return;
        await watch(play, await ask(play, person, duration));
      },
    };
    const canStrike = point !== undefined && faultOf(point) !== undefined;
    await watch(play, id, {
      whileActive: cycle.whileActive && (() => cycle.whileActive?.(scene)),
      onceStruck: cycle.onceStruck && (() => cycle.onceStruck?.(scene)),
      hasStruck: canStrike ? hasStruck : undefined,
    });
    await cycle.afterwards?.(scene);
    // What was held up takes effect by then.
    if (point?.kind === "late" || point?.kind === "hang") await operator.wait(2);

    const struck = await hasStruck();
    if ((await observer.everything(spoiled)) !== others)
      broken.push("(b, c) access is not what it was");
    if (cycle.spoils && !cycle.staysOpen && (await observer.has(cycle.thing, email)))
      broken.push("(b) there is access after the end");
    calls ??= await observer.callsSince(start);
    if (cycle.isStanding) broken.push(...brokenByChanges(calls));
    const told = (await api.inbox()).map(({ message }) => message);
    for (const one of cycle.staysOpen ? [] : play.ids) {
      broken.push(...brokenByEvents(told.filter((event) => event.id.startsWith(one))));
      broken.push(...brokenByRecord(cycle, await observer.request(one), bound));
    }
    const request = await observer.request(id);
    const { status } = request;
    return { broken: [...play.broken, ...broken], struck, status, lag: lagOf(request), calls };
  };

  const playFully = (
    cycle: Cycle,
    point: Point | undefined,
    isRecorded = false,
  ): Promise<Outcome & { calls: Call[] }> =>
    cycle.without === undefined
      ? playThrough(cycle, point, isRecorded)
      : operator.without(cycle.without, () => playThrough(cycle, point, isRecorded));

  return {
    play: async (cycle: Cycle, point?: Point): Promise<Outcome> => {
      const { calls: _, ...outcome } = await playFully(cycle, point);
      return outcome;
    },
    /** Plays a cycle without a fault and answers every call in it that is to be struck. */
    record: async (cycle: Cycle): Promise<CallSite[]> => {
      const { broken, calls } = await playFully(cycle, undefined, true);
      if (broken.length > 0) throw new Error(`${cycle.name}: ${broken.join(", ")}`);
      return callSites(cycle, calls);
    },
  };
};

export type Player = ReturnType<typeof createPlayer>;
