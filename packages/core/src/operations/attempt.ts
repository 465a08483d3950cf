import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import { forget, mayBeLag, remember } from "../lease/ledger.ts";
import type { Clock } from "../ports/index.ts";
import type { Attempt } from "../ports/strategy.ts";
import { changeMargin, type Invocation, type LockedLease } from "./under-lock.ts";

/** What a strategy may do within one invocation that holds the lease's lock. `mayChange` adds a rule of the caller's own: it throws. */
export const attemptUnder = (
  clock: Clock,
  lease: LockedLease,
  invocation: Invocation,
  mayChange: () => void = () => {},
): Attempt => ({
  get pending() {
    return lease.current.pending;
  },
  get mayBeLag() {
    return mayBeLag(lease.current, clock.now());
  },
  remember: (operation) => lease.write((current) => remember(current, operation)),
  forget: (operation) => lease.write((current) => forget(current, operation)),
  beforeChange: (duration = 0) => {
    if (invocation.deadline - clock.now() <= changeMargin + duration)
      throw new WorkflowError(
        workflowErrors.stillProvisioning,
        "Too little of this invocation is left to change anything.",
      );
    mayChange();
  },
});
