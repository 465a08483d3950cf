import type { RequestId } from "../ids.ts";
import type { Ports } from "../ports/index.ts";
import { markPublished } from "../request/lifecycle.ts";
import { notificationOf } from "../request/notification.ts";
import { readRequest, updateRequest } from "./update.ts";

type Deps = Pick<Ports, "requests" | "publisher" | "log">;

/**
 * Publishes the events of a request that have not been published, in order, and marks them. Never throws: what could not be published stays
 * unmarked, and the reconciler comes back for it. A crash before the mark publishes again, under the same id; so does a message
 * that arrives after the publisher gave it up.
 */
export const publishEvents = async (deps: Deps, id: RequestId): Promise<void> => {
  try {
    const request = await readRequest(deps, id);
    let published = request.published;
    try {
      for (const event of request.history.filter(({ seq }) => seq > request.published)) {
        await deps.publisher.publish(notificationOf(request, event));
        published = event.seq;
      }
    } finally {
      // Also what comes before a failure, so that each attempt gets further.
      if (published > request.published) await updateRequest(deps, id, markPublished(published));
    }
  } catch (error) {
    deps.log.error("Events could not be published; the reconciler will try again.", {
      requestId: id,
      error,
    });
  }
};
