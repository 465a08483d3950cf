import * as z from "zod";

/** The body of what people do to a request; it may be left out. */
export const ActionBody = z.strictObject({
  message: z.string().trim().max(2_000).optional().meta({ description: "For the others." }),
});
