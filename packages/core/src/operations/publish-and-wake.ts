import type { Ports } from "../ports/index.ts";
import type { Request } from "../request/request.ts";
import { isTerminal } from "../request/status.ts";
import { publishEvents } from "./publish-events.ts";
import { hint } from "./wake.ts";

type Deps = Pick<Ports, "clock" | "requests" | "workflow" | "publisher" | "log">;

/**
 * Publishes what was just written on the request and wakes its workflow. An ending is published first:
 * the workflow, once woken, publishes what is unpublished, and subscribers would get it twice. Access
 * and its end do not wait for the topics.
 *
 * @param wake signals the state that waits
 */
export const publishAndWake = async (
  deps: Deps,
  request: Request,
  wake: (deps: Deps, request: Request) => Promise<void> = hint,
): Promise<void> => {
  if (isTerminal(request.status)) {
    await publishEvents(deps, request.id);
    await wake(deps, request);
    return;
  }
  await wake(deps, request);
  await publishEvents(deps, request.id);
};
