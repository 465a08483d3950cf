import { CurfewError } from "../errors/curfew-error.ts";
import type { RequestId } from "../ids.ts";
import type { Ports } from "../ports/index.ts";
import { arm, latestEnd } from "../request/lifecycle.ts";
import { scheduledFor } from "./expiry.ts";
import { updateRequest } from "./update.ts";

/**
 * Sets the schedule that ends the access at the latest possible moment, before anything is granted. May run any number of times: the schedule's
 * time is what was written down first.
 */
export const armRevocation = async (
  deps: Pick<Ports, "requests" | "schedules" | "clock">,
  id: RequestId,
): Promise<void> => {
  const { request } = await updateRequest(deps, id, arm(deps.clock.now()));
  const end = latestEnd(request);
  if (end === undefined)
    throw new CurfewError(
      "request.wrong-state",
      `A request that is ${request.status} cannot be armed.`,
    );
  if (request.scheduled) await deps.schedules.create({ request: id, n: 0, at: scheduledFor(end) });
};
