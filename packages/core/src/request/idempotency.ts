import * as z from "zod/mini";
import { RequestId } from "../ids.ts";
import { storedObject } from "../stored.ts";
import { Timestamp } from "../time.ts";

/** How long an idempotency key is remembered, in seconds. */
export const idempotencyLife = 86_400;

/** Which request a caller's idempotency key stands for. */
export const IdempotencyRecord = storedObject({
  /** Hash of the caller's id and the key. */
  id: z.string(),
  request: RequestId,
  /** Hash of the body. */
  body: z.string(),
  /** Checked on read: the table deletes late. */
  expiresAt: Timestamp,
});
export type IdempotencyRecord = z.infer<typeof IdempotencyRecord>;
