import * as z from "zod/mini";

/**
 * An object as it is stored, or a part of one. What is stored may have been written by a later version of Curfew than the one that reads it: while functions are being
 * replaced one by one, and after a deployment was taken back. No such difference may keep access from ending, so keys that are not known here are passed over, and kept
 * when it is written again. A change that an earlier version must not pass over takes another `version`.
 */
export const storedObject = <T extends z.core.$ZodLooseShape>(shape: T): z.ZodMiniObject<T> =>
  z.looseObject(shape);
