import * as z from "zod/mini";

/** The body of what people do to a request; it may be left out. */
export const ActionBody = z.strictObject({
  message: z
    .optional(z.string().check(z.trim(), z.maxLength(2_000)))
    .register(z.globalRegistry, { description: "For the others." }),
});
