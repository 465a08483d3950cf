import * as z from "zod/mini";
import { storedObject } from "../stored.ts";
import { Timestamp } from "../time.ts";
import { Actor } from "./person.ts";

/** Whether requests and extensions are taken; without this document they are. */
export const Intake = storedObject({
  version: z.literal(1),
  id: z.literal("intake"),
  closed: z.boolean(),
  by: Actor,
  at: Timestamp,
});
export type Intake = z.infer<typeof Intake>;
