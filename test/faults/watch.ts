import { setTimeout } from "node:timers/promises";
import type { Cycle } from "./cycle.ts";
import type { Observer, StoredRequest } from "./observer.ts";
import type { Operator } from "./operator.ts";
import { dueOf, isLoud, isOver } from "./rules.ts";

/** One cycle that is being played. */
export interface Play {
  cycle: Cycle;
  email: string;
  /** Seconds after the end within which access must be gone. */
  bound: number;
  /** Every request so far, oldest first. */
  ids: string[];
  /** The requests whose access an administrator has taken away. */
  excused: Set<string>;
  broken: Set<string>;
  /**
   * Seconds after the end during which the next request is to be made in time, so that none of it
   * may be skipped.
   */
  pressing: number;
}

/** What is to be done in the middle of a request, each once. */
interface Acts {
  whileActive?: (() => Promise<void> | undefined) | undefined;
  onceStruck?: (() => Promise<void> | undefined) | undefined;
  /** Without it, `onceStruck` comes once the access is active. */
  hasStruck?: (() => Promise<boolean>) | undefined;
}

/** How long a request may take, in milliseconds of the machine's time. */
const patience = 300_000;

/**
 * Between two looks, in milliseconds of the machine's time: longer and longer while nothing happens
 * to the request.
 */
const pauses = { shortest: 100, longest: 500, growth: 1.3 };

/**
 * Looks at the access until the request is over, and has the acts done in time. Notes whatever is
 * wrong.
 */
export type Watch = (play: Play, id: string, acts?: Acts) => Promise<void>;

export const createWatch = (
  observer: Pick<Observer, "request" | "has" | "isEndOutstanding" | "now">,
  operator: Pick<Operator, "hold">,
): Watch => {
  /**
   * Nothing but an administrator's own act explains that the access is not there at a moment at
   * which the request is active.
   */
  const brokenAbsence = async ({ excused }: Play, id: string, was: string): Promise<string[]> => {
    if (was !== "active" || excused.has(id)) return [];
    // It stops being active before anything is taken away.
    const { status } = await observer.request(id);
    return status === "active" ? ["(f) it is active, and there is no access"] : [];
  };

  const brokenPresence = async (play: Play): Promise<string[]> => {
    const { cycle, email, bound, ids } = play;
    const isStillThere = (): Promise<boolean> => observer.has(cycle.thing, email);
    const broken: string[] = [];
    const dues = (await Promise.all(ids.map(observer.request))).map(dueOf);
    const due = Math.max(...dues.map((it) => it ?? Number.POSITIVE_INFINITY));
    const isLate = Date.parse(await observer.now()) > due + bound * 1_000;
    if (isLate && !cycle.staysOpen && (await isStillThere()))
      broken.push(`(b) there is access ${bound} s after its end`);
    const outstanding = await Promise.all(ids.map(observer.isEndOutstanding));
    if (!outstanding.includes(true) && (await isStillThere()))
      broken.push("(a) there is access that nothing will end");
    return broken;
  };

  /** What is wrong with the access at this moment. */
  const brokenNow = async (play: Play, id: string, { status }: StoredRequest) => {
    const { cycle, email } = play;
    const has = await observer.has(cycle.thing, email);
    if (cycle.isStanding) return has ? [] : ["(c) standing access is not there"];
    return has ? brokenPresence(play) : brokenAbsence(play, id, status);
  };

  /** A look comes at least twice a second, and the next request right after the last one. */
  const holdWhilePressing = async ({ pressing }: Play, request: StoredRequest): Promise<void> => {
    const due = dueOf(request);
    if (pressing === 0 || due === undefined) return;
    const since = Date.parse(await observer.now()) - due;
    if (since >= 0 && since < pressing * 1_000) await operator.hold(2_000);
  };

  return async (play, id, acts = {}) => {
    const { cycle, broken } = play;
    let { whileActive, onceStruck } = acts;
    let giveUp = Date.now() + patience;
    let pause = pauses.shortest;
    let seen = "";
    for (;;) {
      const request = await observer.request(id);
      const same = seen === JSON.stringify(request);
      pause = same ? Math.min(pause * pauses.growth, pauses.longest) : pauses.shortest;
      seen = JSON.stringify(request);
      if (id === play.ids[0]) await holdWhilePressing(play, request);
      for (const reason of await brokenNow(play, id, request)) broken.add(reason);
      const isActive = request.status === "active";
      if (whileActive !== undefined && isActive) {
        if (cycle.spoils) play.excused.add(id);
        await whileActive();
        whileActive = undefined;
        giveUp = Date.now() + patience;
      }
      if (onceStruck !== undefined && (acts.hasStruck ? await acts.hasStruck() : isActive)) {
        await onceStruck();
        onceStruck = undefined;
      }
      if (isOver(request) || (cycle.staysOpen && isLoud(request))) break;
      if (Date.now() > giveUp) {
        broken.add(`(d) ${request.status} after ${patience / 1_000} s`);
        break;
      }
      await setTimeout(pause);
    }
    if (whileActive !== undefined) broken.add("it was never seen to be active");
  };
};
