import * as z from "zod/mini";
import { RequestId } from "../ids.ts";
import { Access } from "../request/access.ts";
import { storedObject } from "../stored.ts";
import { Timestamp } from "../time.ts";

/** The ledger entry for one person on one thing accessed. Its key names both; see the strategies. */
export const Lease = storedObject({
  version: z.literal(1),
  key: z.string().check(z.minLength(1)),
  /**
   * `opening`: claimed, standing access not yet known, so nothing has been granted. `open`: granted, or about to be. `releasing`: being taken
   * away. `closed`: nothing of ours is left.
   */
  state: z.enum(["opening", "open", "releasing", "closed"]),
  /** Whether the person had the access before us; such access is never created and never taken away. Meaningful from `open` on. */
  standing: z.boolean(),
  /** The requests that need the access now. */
  holders: z.array(RequestId),
  /** Ids of the service's operations that create access and may still be in flight. */
  pending: z.array(z.string()),
  /**
   * When each creation was sent whose answer never came. Any of them may take effect, even after the
   * lease was closed; the re-check clears the list.
   */
  unanswered: z._default(z.array(Timestamp), []),
  /** Who may change AWS and this entry, and until when (milliseconds are cut off late, never early). */
  lock: z.optional(storedObject({ owner: z.string(), until: Timestamp })),
  /** When the last release began: a creation that the service records later may have outlived it. */
  releasedAt: z.optional(Timestamp),
  /** When we last took access away and verified it: a List may go on showing it for a while. */
  removedAt: z.optional(Timestamp),
  closedAt: z.optional(Timestamp),
  /** When to look once more whether what we took away has stayed away; until then a closed lease counts as open. While the lease is held again it waits. */
  lookAt: z.optional(Timestamp),
  /** What was answered when the access was taken away, for a holder that could not write it down in time. */
  answer: z.optional(
    storedObject({
      errors: z.array(z.string()),
      malformed: z.boolean(),
      output: z.optional(z.json()),
    }),
  ),
  /** The request that opened the lease, and the access as the newest holder knows it whose way into the account has worked: for whoever takes it away. */
  opener: RequestId,
  access: Access,
});
export type Lease = z.infer<typeof Lease>;
