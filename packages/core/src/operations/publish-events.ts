import type { RequestId } from "../ids.ts";
import type { Ports } from "../ports/index.ts";
import { markPublished } from "../request/lifecycle.ts";
import { notificationOf } from "../request/notification.ts";
import { readRequest, updateRequest } from "./update.ts";

/**
 * Publishes the events of a request that have not been published, in order, and marks them. Never throws: what could not be published stays
 * unmarked, and the reconciler comes back for it. A crash before the mark publishes again, under the same id.
 */
export const publishEvents = async (
  deps: Pick<Ports, "requests" | "publisher" | "log">,
  id: RequestId,
): Promise<void> => {
  try {
    const request = await readRequest(deps, id);
    const unpublished = request.history.filter((event) => event.seq > request.published);
    if (unpublished.length === 0) return;
    for (const event of unpublished) await deps.publisher.publish(notificationOf(request, event));
    await updateRequest(deps, id, markPublished(request.history.length));
  } catch (error) {
    deps.log.error("Events could not be published; the reconciler will try again.", {
      requestId: id,
      error,
    });
  }
};
