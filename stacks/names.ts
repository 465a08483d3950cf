/**
 * The fixed names of everything in the hub.
 *
 * Fixed, because other accounts and running executions know them: connectors trust the path of the roles,
 * and renaming a function breaks the executions that are on their way.
 *
 * @param stage SST's stage, such as `production`.
 */
export const namesOf = (stage: string) => {
  const prefix = `curfew-${stage}`;
  return {
    table: prefix,
    stateMachine: prefix,
    scheduleGroup: prefix,
    api: prefix,
    results: `${prefix}-results`,
    errors: `${prefix}-errors`,
    deadLetters: `${prefix}-dead-letters`,
    executionEnded: `${prefix}-execution-ended`,
    reconcileRequests: `${prefix}-reconcile-requests`,
    reconcileLeases: `${prefix}-reconcile-leases`,
    failedExecutions: `${prefix}-failed-executions`,
    openPastExpiry: `${prefix}-open-past-expiry`,
    revocationLag: `${prefix}-revocation-lag`,
    requestsReconcilerSilent: `${prefix}-reconcile-requests-silent`,
    leasesReconcilerSilent: `${prefix}-reconcile-leases-silent`,
    /** A function's name, and the name of its role. */
    function: (name: string) => `${prefix}-${name}`,
    workflowRole: `${prefix}-workflow`,
    schedulesRole: `${prefix}-schedules`,
  };
};

/** The names of one stage. */
export type Names = ReturnType<typeof namesOf>;

/** The path of every role, on which the connectors' trust rests. */
export const rolePath = "/curfew/";

/** The index of open requests and leases, which the reconcilers walk. */
export const openIndex = "open";
