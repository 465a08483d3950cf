import { faultSchema, type Offered } from "../faults/fault.ts";
import type { Faults } from "../faults/faults.ts";
import { badRequest, json, parseJson, type SandboxRoute } from "./http.ts";

/** Asks for faults, shows them and takes them back. */
export const createFaultRoutes = (deps: {
  faults: Faults;
  offered: Offered;
}): Record<string, SandboxRoute> => {
  const { faults } = deps;
  const Fault = faultSchema(deps.offered);
  return {
    "POST /sandbox/faults": async ({ body }) => {
      const parsed = Fault.safeParse(parseJson(body));
      if (parsed.success) return json(201, faults.add(parsed.data));
      return badRequest("This is no fault.", parsed.error);
    },
    "GET /sandbox/faults": async () => json(200, { faults: faults.list() }),
    "DELETE /sandbox/faults": async () => json(200, { cleared: faults.clear() }),
  };
};
