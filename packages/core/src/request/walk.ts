import * as z from "zod/mini";
import { storedObject } from "../stored.ts";

/** Where a walk over everything that is open, or over the requests that are due, stopped for lack of time; the next run goes on there. */
export const Walk = storedObject({
  version: z.literal(1),
  id: z.enum(["requests", "leases", "due"]),
  /** Where the page begins that was being worked on; absent for the first page. */
  cursor: z.optional(z.string()),
  /** What was seen to of that page. Pages shift while what is on them changes, so places would not do. */
  done: z.array(z.string()),
  /** How many were past their end since the walk began. */
  overdue: z.int().check(z.nonnegative()),
});
export type Walk = z.infer<typeof Walk>;
