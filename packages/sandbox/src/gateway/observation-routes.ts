import * as z from "zod";
import type { CallLog } from "../aws/call-log.ts";
import type { Clock } from "../clock.ts";
import { badRequest, json, type SandboxRoute } from "./http.ts";

const CallsQuery = z.strictObject({
  service: z.string().optional(),
  operation: z.string().optional(),
  /** Only calls at this time or later. */
  since: z.iso.datetime({ offset: true }).optional(),
});

/** Shows what was called on the AWS endpoint, and what time it is. */
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
});
