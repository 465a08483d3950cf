import * as z from "zod";
import type { Invocations } from "../lambda/invocations.ts";
import { badRequest, json, type SandboxRoute } from "./http.ts";

const InvocationsQuery = z.strictObject({
  /** The function's name. */
  function: z.string().optional(),
});

/** Shows what the customers' functions were called with. */
export const createInvocationRoutes = (invocations: Invocations): Record<string, SandboxRoute> => ({
  "GET /sandbox/invocations": async ({ query }) => {
    const parsed = InvocationsQuery.safeParse(Object.fromEntries(new URLSearchParams(query)));
    return parsed.success
      ? json(200, { invocations: invocations.list(parsed.data.function) })
      : badRequest("Invocations are chosen by function.", parsed.error);
  },
});
