import * as z from "zod/mini";
import { named } from "../config/schema.ts";
import type { Documents } from "../ports/documents.ts";
import type { Ports } from "../ports/index.ts";
import type { Access } from "../request/access.ts";
import { isTerminal } from "../request/status.ts";

type Deps = Pick<Ports, "requests" | "leases">;

/** By strategy, the ARNs of the roles through which its access can be taken away. */
export type Exits = Readonly<Record<string, readonly string[]>>;

/** Something open that could not be ended. */
export interface Stranded {
  kind: "request" | "lease";
  id: string;
  /** The request's status or the lease's state; `unreadable` if nobody can tell what it needs. */
  state: string;
  /** What it takes to end it; absent where it cannot be read. */
  needs?: { strategy: string; roleArn: string };
}

/** What was looked at, and what of it is stranded. */
export interface StrandedReport {
  open: number;
  stranded: Stranded[];
}

/**
 * Finds what is open and needs a role to be taken away that is none of the exits. What is not yet given counts, for it may be by the time that somebody reads
 * the answer; so does a closed lease that is to be looked at once more. Changes nothing.
 */
export const findStranded = async (deps: Deps, exits: Exits): Promise<StrandedReport> => {
  const found: Stranded[] = [];
  let open = 0;
  const look = async <T>(
    kind: Stranded["kind"],
    documents: Documents<T>,
    describe: (document: T) => { state: string; access: Access | undefined },
  ): Promise<void> => {
    for await (const id of openIds(documents)) {
      const read = await readOrSay(documents, id);
      if (read === undefined) continue;
      open += 1;
      if (read === "unreadable") found.push({ kind, id, state: read });
      else found.push(...strandedBy(exits, { kind, id, ...describe(read.document) }));
    }
  };
  await look("request", deps.requests, ({ status, access }) => ({
    state: status,
    // What is over is open for what is still to be published about it.
    access: isTerminal(status) ? undefined : access,
  }));
  await look("lease", deps.leases, ({ state, access }) => ({ state, access }));
  return { open, stranded: found };
};

const openIds = async function* <T>(documents: Documents<T>): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const page = await documents.listOpen(cursor);
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
};

/** What does not parse may hold anything open. Trouble with the table itself is no answer, and thrown. */
const readOrSay = async <T>(documents: Documents<T>, id: string) => {
  try {
    return await documents.get(id);
  } catch (error) {
    if (error instanceof z.core.$ZodError || error instanceof SyntaxError) return "unreadable";
    throw error;
  }
};

const strandedBy = (
  exits: Exits,
  { access, ...subject }: Omit<Stranded, "needs"> & { access: Access | undefined },
): Stranded[] => {
  if (access === undefined) return [];
  const { strategy, integration } = access;
  return named(exits, strategy)?.includes(integration.roleArn)
    ? []
    : [{ ...subject, needs: { strategy, roleArn: integration.roleArn } }];
};
