import { parseExecutionName } from "../ids.ts";
import type { Ports } from "../ports/index.ts";
import { ensureExecution } from "./wake.ts";

/** The rule on ended executions starts this many replacements; after that the reconciler goes on, at its own pace. */
const quickRecoveries = 3;

/** An execution failed, timed out or was stopped: another one takes over, unless that has happened already. Executions that are not Curfew's are left alone. */
export const recover = async (
  deps: Pick<Ports, "requests" | "workflow" | "clock" | "log">,
  ended: string,
): Promise<void> => {
  const parsed = parseExecutionName(ended);
  if (parsed === undefined || parsed.execution + 1 > quickRecoveries) return;
  const stored = await deps.requests.get(parsed.id);
  if (stored !== undefined) await ensureExecution(deps, stored.document);
};
