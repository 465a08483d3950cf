import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import { forget, mayBeLag, remember } from "../lease/ledger.ts";
import type { Clock } from "../ports/index.ts";
import type { Attempt } from "../ports/strategy.ts";
import { changeMargin, type Invocation, type LockedLease } from "./under-lock.ts";

/** What the caller adds: a rule of its own, which throws, and whether it has just found the access absent. */
interface Knowing {
  mayChange?: () => void;
  absent?: boolean;
}

/** What a strategy may do within one invocation that holds the lease's lock. */
export const attemptUnder = (
  clock: Clock,
  lease: LockedLease,
  invocation: Invocation,
  { mayChange = () => {}, absent = false }: Knowing = {},
): Attempt => ({
  absent,
  get pending() {
    return lease.current.pending;
  },
  get mayBeLag() {
    return mayBeLag(lease.current, clock.now());
  },
  remember: (operation, inPlaceOf) =>
    lease.write((current) => remember(current, operation, inPlaceOf)),
  forget: (operation) => lease.write((current) => forget(current, operation)),
  beforeChange: async (duration = 0) => {
    await lease.flush();
    if (invocation.deadline - clock.now() <= changeMargin + duration)
      throw new WorkflowError(
        workflowErrors.stillProvisioning,
        "Too little of this invocation is left to change anything.",
      );
    mayChange();
  },
});
