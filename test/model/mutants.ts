/** A change of the sources that breaks the promise. */
export interface Mutant {
  /** What the mutated code does. */
  name: string;
  edits: readonly { file: string; find: string; replace: string }[];
}

const escalate = "operations/escalate.ts";

/** The eight ways to get it wrong that other systems, or earlier drafts, got it wrong. Paths are relative to packages/core/src. */
export const mutants: readonly Mutant[] = [
  {
    name: "delete on first expiry",
    edits: [
      {
        file: "lease/ledger.ts",
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
        find: "const standing = await strategy.inspect({ access, request });\n    if (standing && mayBeLag(",
        replace: "const standing = seenBefore.get(id) ?? false;\n    if (false && mayBeLag(",
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
        file: "lease/ledger.ts",
        find: '  state: "open",\n  standing,',
        replace: '  state: "open",\n  standing: false,',
      },
    ],
  },
  {
    name: "grant before arming",
    edits: [
      {
        file: "operations/arm-revocation.ts",
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
        find: "if (opening) {",
        replace: 'if (opening || lease.current.state === "open") {',
      },
    ],
  },
  {
    name: "a lock shorter than the invocation",
    edits: [
      {
        file: "operations/under-lock.ts",
        find: "const lockMargin = 30_000;",
        replace: "const lockMargin = -45_000;",
      },
    ],
  },
  {
    name: "a release that stops when it is no longer a holder",
    edits: [
      {
        file: "operations/release-access.ts",
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
        file: "testing/fake-strategy.ts",
        find: "assignmentKey(assignmentOf(access))}`",
        replace: 'access.target.name + "#" + access.person.id}`',
      },
    ],
  },
];
