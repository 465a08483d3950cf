/** A change of the sources that breaks the promise. */
export interface Mutant {
  /** The defect, in a few words. */
  name: string;
  edits: readonly { file: string; find: string; replace: string }[];
}

const operations = "core/src/operations";
const escalate = `${operations}/escalate.ts`;
const ledger = "core/src/lease/ledger.ts";
const identityCenter = "aws/src/strategies/aws-sso";

/**
 * Twelve ways to break the promise, by which other systems or earlier versions of this one broke it.
 * Paths are relative to `packages`.
 */
export const mutants: readonly Mutant[] = [
  {
    name: "delete on first expiry",
    edits: [
      {
        file: ledger,
        find: 'if (holders.length > 0 || lease.state === "closed"',
        replace: 'if (lease.state === "closed"',
      },
    ],
  },
  {
    name: "inspect before claiming",
    edits: [
      {
        file: escalate,
        find: "  const answer = await underLock(",
        replace: `  const before = await deps.leases.get(key);
  const seen = await strategy.inspect({ access, request: stored.document });
  if (seen && before && mayBeLag(before.document, deps.clock.now()))
    throw new WorkflowError(workflowErrors.leaseBusy, "It may be our own.");
  seenBefore.set(id, seen);
  const answer = await underLock(`,
      },
      {
        file: escalate,
        find: "const standing = await isStanding(deps, strategy, subject, lease);",
        replace: "const standing = seenBefore.get(id) ?? false;",
      },
      {
        file: escalate,
        find: "const ensureAccess = ",
        replace: "const seenBefore = new Map<string, boolean>();\nconst ensureAccess = ",
      },
    ],
  },
  {
    name: "forget standing",
    edits: [
      {
        file: ledger,
        find: '  state: "open",\n  standing,',
        replace: '  state: "open",\n  standing: false,',
      },
    ],
  },
  {
    name: "grant before arming",
    edits: [
      {
        file: `${operations}/arm-revocation.ts`,
        find: "if (request.scheduled)",
        replace: "if (request.activatedAt !== undefined)",
      },
      {
        file: escalate,
        find: "    await scheduleExpiry(deps, request);",
        replace: `    const end = request.expiresAt ?? deps.clock.now();
    const at = new Date(new Date(end).getTime() + 60_000).toISOString();
    await deps.schedules.create({ request: id, n: 0, at });
    await scheduleExpiry(deps, request);`,
      },
    ],
  },
  {
    name: "inspect again when open",
    edits: [
      {
        file: escalate,
        find: "const inspected = opening || lease.current.standing;",
        replace: "const inspected = true;",
      },
    ],
  },
  {
    name: "a lock shorter than the invocation",
    edits: [
      {
        file: `${operations}/under-lock.ts`,
        find: "const lockMargin = 30_000;",
        replace: "const lockMargin = -45_000;",
      },
    ],
  },
  {
    name: "a release that stops when it is no longer a holder",
    edits: [
      {
        file: `${operations}/release-access.ts`,
        find: "  await lease.write((current) =>\n    holders.reduce(",
        replace: `  if (!holders.some((holder) => lease.current.holders.includes(holder))) return { fate: "shared" };
  await lease.write((current) =>
    holders.reduce(`,
      },
    ],
  },
  {
    name: "key by target name",
    edits: [
      {
        file: `${identityCenter}/definition.ts`,
        find: 'return ["sso", instance_arn, account_id, permission_set_arn, person.id]',
        replace: 'return ["sso", instance_arn, target.name, person.id]',
      },
    ],
  },
  {
    name: "give the lock back on a time-out",
    edits: [
      {
        file: `${operations}/attempt.ts`,
        find: 'lease.inDoubt = wasInDoubt || failureOf(error) === "unanswered";',
        replace: "lease.inDoubt = false;",
      },
    ],
  },
  {
    name: "forget a membership's lost answer",
    edits: [
      {
        file: `${identityCenter}/group.ts`,
        find: "    (id) => id,\n  );",
        replace: "  );\n  if (created !== undefined) await attempt.remember(created);",
      },
    ],
  },
  {
    name: "trust a conflict as ours",
    edits: [
      {
        file: `${identityCenter}/group.ts`,
        find: "if (!(await isUnanswered(deps, membership, attempt, id))) return { standing: true };",
        replace: "await attempt.remember(id);",
      },
    ],
  },
  {
    name: "skip the look at a standing lease",
    edits: [
      {
        file: escalate,
        find: "const inspected = opening || lease.current.standing;",
        replace: "const inspected = opening;",
      },
    ],
  },
];
