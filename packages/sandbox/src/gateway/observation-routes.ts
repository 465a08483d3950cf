import * as z from "zod";
import type { CallLog } from "../aws/call-log.ts";
import type { Clock } from "../clock.ts";
import { badRequest, json, parseJson, type SandboxRoute } from "./http.ts";

const CallsQuery = z.strictObject({
  service: z.string().optional(),
  operation: z.string().optional(),
  /** Only calls at this time or later. */
  since: z.iso.datetime({ offset: true }).optional(),
});

const ClockHold = z.strictObject({
  /** Milliseconds. */
  hold: z.int().min(1).max(60_000),
});

/**
 * Shows what was called on the AWS endpoint, and what time it is; keeps time from being skipped for
 * a while.
 */
export const createObservationRoutes = (deps: {
  callLog: CallLog;
  clock: Clock;
}): Record<string, SandboxRoute> => ({
  "GET /sandbox/calls": async ({ query }) => {
    const parsed = CallsQuery.safeParse(Object.fromEntries(new URLSearchParams(query)));
    if (!parsed.success)
      return badRequest("Calls are chosen by service, operation and since.", parsed.error);
    const { service, operation, since } = parsed.data;
    const from = since === undefined ? 0 : Date.parse(since);
    const calls = deps.callLog
      .calls()
      .filter((call) => call.service === (service ?? call.service))
      .filter((call) => call.operation === (operation ?? call.operation))
      .filter(({ at }) => Date.parse(at) >= from);
    return json(200, { calls });
  },
  "GET /sandbox/clock": async () => json(200, { now: new Date(deps.clock.now()).toISOString() }),
  "POST /sandbox/clock": async ({ body }) => {
    const parsed = ClockHold.safeParse(parseJson(body));
    if (!parsed.success) return badRequest(`Send {"hold": <milliseconds>} as JSON.`, parsed.error);
    const { clock } = deps;
    const held = clock.hold();
    const now = clock.now();
    clock.at(now + parsed.data.hold, () => held[Symbol.dispose]());
    return json(200, { now: new Date(now).toISOString() });
  },
});
