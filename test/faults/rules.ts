import type { Cycle } from "./cycles.ts";
import type { Call, StoredRequest } from "./observer.ts";

/** After the end, access must be gone within this many seconds: a dead invocation's lock lasts 90 s, and a retry follows within 45 s. */
export const longestLag = 200;

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
): string[] => {
  const broken: string[] = [];
  const lag = lagOf(request);
  if (lag !== undefined && lag > longestLag) broken.push(`(b) gone ${lag} s after the end`);
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
