import type { Cycle } from "./cycle.ts";
import { type FaultKind, hangTime } from "./fault-kinds.ts";
import type { Call, StoredRequest } from "./observer.ts";

/**
 * After the end, access must be gone within this many seconds, whatever goes wrong with one call.
 *
 * A call whose client was killed, or stopped waiting, leaves the lock of its invocation behind,
 * which runs out by itself: 90 s after the invocation began (its 60 s and 30 s), for a customer's
 * function with a timeout of a minute 142 s (112 s of patience and 30 s). After a killed invocation
 * the workflow's pauses grow, so the last one before that is 45 s at most. After an unanswered call
 * it finds the lock taken, tries every 30 s at most and waits for the lock for 4 s each time;
 * then the function may have to be called once more, 5 s later.
 */
export const longestLag = 200;

/**
 * The bound of a point, in seconds: an invocation that begins in the last moment of a hang still
 * meets it, and a lag delays what proves the end.
 */
export const boundOf = ({ lag = 0 }: Pick<Cycle, "lag">, kind: FaultKind | undefined): number =>
  longestLag + (kind === "hang" ? hangTime / 1_000 : 0) + lag / 1_000;

const over = ["ended", "failed", "denied", "cancelled", "lapsed"];
const terminal = [
  "access.ended",
  "request.failed",
  "request.denied",
  "request.cancelled",
  "request.lapsed",
];

/** Whether the request is over and everything about it is published. */
export const isOver = ({ status, published, history }: StoredRequest): boolean =>
  over.includes(status) && published === history.length;

/** When the access was to end, in milliseconds since the epoch. */
export const dueOf = ({ expiresAt, endRequested }: StoredRequest): number | undefined => {
  const due = [expiresAt, endRequested?.at].flatMap((at) => (at ? [Date.parse(at)] : []));
  return due.length === 0 ? undefined : Math.min(...due);
};

/** From the moment at which the access was to end until it was verified to be gone, in seconds. */
export const lagOf = (request: StoredRequest): number | undefined => {
  const due = dueOf(request);
  return request.endedAt === undefined || due === undefined
    ? undefined
    : (Date.parse(request.endedAt) - due) / 1_000;
};

const momentOf = ({ history }: StoredRequest, event: string): number =>
  history.findIndex((entry) => entry.event === event);

/** What in the request's own record is not as it should be. */
export const brokenByRecord = (
  cycle: Pick<Cycle, "approver">,
  request: StoredRequest,
  bound = longestLag,
): string[] => {
  const broken: string[] = [];
  const lag = lagOf(request);
  if (lag !== undefined && lag > bound) broken.push(`(b) gone ${lag} s after the end`);
  const [approved, granted] = [
    momentOf(request, "request.approved"),
    momentOf(request, "access.granted"),
  ];
  const isApproved = cycle.approver === undefined || (approved !== -1 && approved < granted);
  if (granted !== -1 && !isApproved) broken.push("(e) active without an approval");
  if (granted !== -1 && request.endRequested === undefined && (lag ?? 0) < 0)
    broken.push("ended early");
  return broken;
};

/** Whether a request that cannot end says so, as late access on the errors topic. */
export const isLoud = ({ status, history, published }: StoredRequest): boolean =>
  status === "deescalating" &&
  history.some(({ event }) => event === "access.late") &&
  published === history.length;

/** What is wrong about the events that were told. @param told ids and names, of this request only */
export const brokenByEvents = (told: readonly { id: string; event: string }[]): string[] => {
  const ends = new Set(told.filter(({ event }) => terminal.includes(event)).map(({ id }) => id));
  return ends.size === 1 ? [] : [`(d) ${ends.size} terminal events were published`];
};

/** What was done to standing access: nothing may be. */
export const brokenByChanges = (calls: readonly Call[]): string[] =>
  calls
    .filter(({ service }) => service === "sso" || service === "identitystore")
    .filter(({ operation }) => /^(Create|Delete|Update)/.test(operation))
    .map((call) => `(c) ${call.function ?? "somebody"} called ${call.service}:${call.operation}`);
