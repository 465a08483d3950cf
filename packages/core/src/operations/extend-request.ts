import * as z from "zod/mini";
import { type Config, flowNamed } from "../config/schema.ts";
import { parseDuration } from "../durations.ts";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import { groupsOfRequesters, RequestBody } from "../policy/decide-request.ts";
import { decideExtension, mayExtend } from "../policy/extend-request.ts";
import type { Ports } from "../ports/index.ts";
import { extend, reserveSchedule } from "../request/extension.ts";
import { actorOf, type Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import type { Timestamp } from "../time.ts";
import { exactWait, scheduleExtension } from "./expiry.ts";
import { checkIntake } from "./intake.ts";
import { publishEvents } from "./publish-events.ts";
import { readRequestAs } from "./read-request.ts";
import { refusalError } from "./refusal-error.ts";
import { updateRequest } from "./update.ts";
import { hint } from "./wake.ts";

type Deps = Pick<
  Ports,
  "clock" | "requests" | "intake" | "directory" | "schedules" | "workflow" | "publisher" | "log"
>;

/** What `POST /requests/{id}/extend` brings: how long the access is to last, counted from now. */
export const ExtensionBody = z.strictObject({ duration: RequestBody.shape.duration });
export type ExtensionBody = z.infer<typeof ExtensionBody>;

/** How often an extension that was overtaken by another one is tried again, and the pause before, in milliseconds. */
const patience = 5;
const pause = 100;

/**
 * Puts the curfew off. In this order, so that access never exists without something that ends it: the number of the next schedule is reserved, the
 * schedule is created, and only then is the new end written, if nothing has ended or overtaken it meanwhile. A crash in between leaves the old end.
 *
 * @throws CurfewError `intake.closed`, `request.not-found`, `request.not-allowed`, `request.wrong-state` when there is nothing left to extend, what the flow's
 *   rules refuse, and `extension.not-later`, `extension.too-long`, `extension.too-many`
 * @throws WorkflowError `ServiceUnavailable` when other extensions came first again and again
 */
export const extendRequest = async (
  deps: Deps,
  config: Config,
  person: Person,
  id: string,
  body: ExtensionBody,
): Promise<Request> => {
  await checkIntake(deps);
  const { request: found, standing } = await readRequestAs(deps, config, person, id);
  const right = mayExtend(standing);
  if (!right.allowed) throw refusalError(right.refusal);
  const flow = flowNamed(config, found.flow.name);
  const wanted = flow === undefined ? [] : groupsOfRequesters(flow);
  const groups: ReadonlySet<string> =
    wanted.length === 0 ? new Set() : await deps.directory.groupsOf(person, wanted);
  const duration = parseDuration(body.duration) ?? 0;
  const endOf = (request: Request): Timestamp => {
    const now = deps.clock.now();
    const decision = decideExtension(config, groups, request, duration, now);
    if (!decision.allowed) throw refusalError(decision.refusal);
    return decision.end;
  };

  for (let attempt = 1; attempt <= patience; attempt += 1) {
    const extended = await tryToExtend(deps, person, found, endOf);
    if (extended !== undefined) {
      if (extended.waiting?.state === exactWait) await hint(deps, extended);
      await publishEvents(deps, extended.id);
      return extended;
    }
    await deps.clock.sleep(attempt * pause);
  }
  throw new WorkflowError(
    workflowErrors.serviceUnavailable,
    "The request is being extended by several callers at once.",
  );
};

/** Undefined when something came in between. */
const tryToExtend = async (
  deps: Deps,
  person: Person,
  { id }: Request,
  endOf: (request: Request) => Timestamp,
): Promise<Request | undefined> => {
  let end: Timestamp | undefined;
  const { request: reserved, changed: isReserved } = await updateRequest(deps, id, (current) => {
    end = endOf(current);
    return reserveSchedule(deps.clock.now())(current);
  });
  const schedule = reserved.schedules?.reserved;
  if (!isReserved || end === undefined || schedule === undefined) return undefined;
  await scheduleExtension(deps, id, schedule, end);
  const extension = { schedule, end, by: actorOf(person) };
  const { request, changed } = await updateRequest(deps, id, (current) =>
    extend(extension, deps.clock.now())(current),
  );
  return changed ? request : undefined;
};
