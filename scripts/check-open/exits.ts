import { fileURLToPath } from "node:url";
import type { Exits } from "@curfew/core";
import { seenByStacks } from "@curfew/sandbox";
import * as z from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));

const Roles = z.record(z.string(), z.array(z.string()));
const Seen = z.object({ connectorRoleArns: Roles, formerRoleArns: Roles });

/**
 * The roles that a deployment would let the functions assume that take access away, by strategy.
 *
 * @param config a file in the place of `curfew.config.ts`
 * @throws Error when the configuration does not compile, or breaks rules: with every problem and its path
 */
export const exitsOf = async (config: string | undefined): Promise<Exits> => {
  const { connectorRoleArns, formerRoleArns } = Seen.parse(await seenByStacks(root, config));
  return Object.fromEntries(
    Object.entries(connectorRoleArns).map(([strategy, roleArns]) => [
      strategy,
      [...roleArns, ...(formerRoleArns[strategy] ?? [])],
    ]),
  );
};
