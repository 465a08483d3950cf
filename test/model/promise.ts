import { isTerminal, type Request } from "@curfew/core";
import type { AccessChange, AccessLog } from "./access-log.ts";
import { type PlannedTarget, sharedKeyOf, targets } from "./config.ts";
import { functionKey } from "./customer-function.ts";
import type { Plan } from "./plan.ts";
import type { ShippedWorld } from "./shipped-world.ts";

/** How late after its due moment an end may begin, and be verified, in seconds. */
export interface Bounds {
  begun: number;
  gone: number;
}

/** Nothing goes wrong, and the service takes a second to take access away. */
export const smoothBounds: Bounds = { begun: 3, gone: 10 };

/**
 * Whatever goes wrong in a plan. The last net are the reconcilers: every 300 s, with three attempts
 * 60 s apart. The plan's faults defeat two whole runs at most, so that the third begins within
 * 1,500 s; then a dead invocation's lock runs out, and the service has its time.
 */
export const anyBounds: Bounds = { begun: 1_500, gone: 2_400 };

/** States in words how the promise was broken. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
}

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new BrokenPromise(what);
};

/** The moment of an event of a request, in milliseconds since the epoch. */
const momentOf = ({ history }: Request, event: string): number | undefined => {
  const found = history.find((entry) => entry.event === event);
  return found && Date.parse(found.at);
};
const overAt = (request: Request): number | undefined =>
  momentOf(request, "access.ended") ?? momentOf(request, "request.failed");

const isTarget = (name: string): name is PlannedTarget => Object.hasOwn(targets, name);

/** The access log's key of what a request is for. */
const keyOf = ({ id, access, requester }: Request): string => {
  const name = access?.target.name ?? "";
  return (isTarget(name) && sharedKeyOf(name, requester.id)) || functionKey(id);
};

/** The request is over, its events are published, and it ended on time: not earlier, and hardly later. */
const endsOnTime = (request: Request, bounds: Bounds): void => {
  const { id, status, history, published, expiresAt, endRequested } = request;
  must(isTerminal(status), `${id} is ${status} for ever`);
  must(published === history.length, `${id} has unpublished events`);
  const begun = momentOf(request, "access.deescalating");
  const over = overAt(request);
  const ends = [expiresAt, endRequested?.at].flatMap((at) => (at ? [Date.parse(at)] : []));
  const due = Math.min(...ends);
  if (begun === undefined || over === undefined || ends.length === 0) return;
  // A caller reads the clock before it writes the intent, so a revoked end may seem early.
  if (endRequested === undefined)
    must(begun >= due, `${id} ended ${(due - begun) / 1_000} s early`);
  must(begun - due <= bounds.begun * 1_000, `${id} began to end ${(begun - due) / 1_000} s late`);
  must(over - due <= bounds.gone * 1_000, `${id} was over ${(over - due) / 1_000} s late`);
};

/** Whether an administrator took the access away between two moments. */
const wasTaken = ({ changes }: AccessLog, key: string, from: number, until: number): boolean =>
  changes.some(
    ({ by, kind, key: changed, at }) =>
      by === "administrator" && kind === "delete" && changed === key && from <= at && at <= until,
  );

/** An active request's access exists, and no deletion of it is in flight. */
const hasItWhileActive = ({ access }: ShippedWorld, plan: Plan, request: Request): void => {
  const asked = momentOf(request, "access.escalating");
  const from = momentOf(request, "access.granted");
  const until = momentOf(request, "access.deescalating");
  if (asked === undefined || from === undefined || until === undefined) return;
  const key = keyOf(request);
  // Curfew cannot see more than a lagging List shows.
  if (wasTaken(access, key, asked - plan.timing.lag - 1_000, until)) return;
  must(access.has(key, from), `${request.id} is active without its access`);
  const removed = access.changes.some(
    (change) =>
      change.by === "curfew" &&
      change.kind === "delete" &&
      change.key === key &&
      change.at < until &&
      change.doneAt > from,
  );
  must(!removed, `${request.id} lost its access while it was active`);
};

/** Every creation serves a request whose end was armed before. */
const isArmedFirst = (
  world: ShippedWorld,
  requests: readonly Request[],
  change: AccessChange,
): void => {
  const holders = requests.filter(({ id }) => {
    const armed = world.schedules.createdAt.get(`${id}.0`);
    return armed !== undefined && armed <= change.at;
  });
  must(holders.length > 0, `${change.key} was granted before its end was armed`);
};

/** Until created access is gone there is, at every moment, a request that is not over. */
const nothingOutlives = (
  { changes }: { changes: readonly AccessChange[] },
  requests: readonly Request[],
  created: AccessChange,
): void => {
  const gone = changes.find(
    (other) => other.kind === "delete" && other.doneAt >= created.doneAt && other !== created,
  )?.doneAt;
  must(gone !== undefined, `${created.key} was never taken away`);
  let covered = created.doneAt;
  for (let moved = true; moved; ) {
    const next = requests
      .filter((request) => (momentOf(request, "access.escalating") ?? Infinity) <= covered)
      .map((request) => overAt(request) ?? 0)
      .reduce((latest, over) => Math.max(latest, over), covered);
    moved = next > covered;
    covered = next;
  }
  must(covered >= (gone ?? 0), `${created.key} outlived every request for it`);
};

/**
 * Whether an administrator gave the same thing by hand while Curfew held it, or so shortly before
 * that a List of assignments did not show it yet: the guarantee excludes both.
 */
const isExcluded = (plan: Plan, key: string, given: AccessChange, requests: readonly Request[]) =>
  requests.some((request) => {
    // An unanswered creation may still take effect: what appears meanwhile passes for its effect.
    const late = plan.slow.length + plan.slowChanges.length + plan.hangs.length > 0 ? 300_000 : 0;
    const from = momentOf(request, "access.escalating");
    const over = overAt(request) ?? Infinity;
    const lag = key.startsWith("assignment#") ? plan.timing.lag + 1_000 : 0;
    return from !== undefined && from - lag <= given.at && given.at <= over + late;
  });

/** Standing access is never touched, and everything else is gone in the end. */
const isRestored = (world: ShippedWorld, plan: Plan, key: string): void => {
  const { access, identityCenter } = world;
  const requests = world.requests.all().filter((request) => keyOf(request) === key);
  const changes = access.changes.filter((change) => change.key === key && !change.fails);
  const byHand = changes.filter(({ by }) => by === "administrator");
  const gave = byHand.filter(({ kind }) => kind === "create");
  if (gave.some((given) => isExcluded(plan, key, given, requests))) return;
  for (const change of changes) {
    if (change.by === "administrator") continue;
    const before = byHand.filter(({ at }) => at <= change.at).at(-1);
    if (change.kind === "delete")
      must(before?.kind !== "create", `${key} was standing and was taken away`);
    else {
      isArmedFirst(world, requests, change);
      nothingOutlives({ changes }, requests, change);
    }
  }
  const standing = byHand.at(-1)?.kind === "create";
  must(access.has(key) === standing, `${key} is not what it was`);
  must(!access.has(key) || !identityCenter.isGone(key), `${key} exists without its parts`);
};

/**
 * Whether a plan that was played kept the promise: a person has access at a moment exactly if it
 * was standing, or a request of theirs covers the moment, within the bounds.
 *
 * @throws BrokenPromise
 */
export const checkPromise = (plan: Plan, world: ShippedWorld, bounds: Bounds): void => {
  for (const request of world.requests.all()) {
    endsOnTime(request, bounds);
    hasItWhileActive(world, plan, request);
  }
  for (const { key, state, holders, pending } of world.leases.all())
    must(state === "closed" && holders.length + pending.length === 0, `${key} is ${state}`);
  for (const key of new Set(world.access.changes.map((change) => change.key)))
    isRestored(world, plan, key);
};
