import type { Log } from "@curfew/core";

/** How long a group counts as missing before it is looked up, and reported, again (milliseconds). */
const memory = 5 * 60 * 1_000;

/** The groups that the configuration names and the directory does not have. */
export interface MissingGroups {
  /** Whether the group is known to be missing. */
  has(group: string): boolean;
  /** Logs an error that names the group. `known`: the directory said that it is the group that is missing. */
  add(group: string, known: boolean): void;
}

/**
 * Remembers missing groups for a few minutes, so that one of them neither costs every look-up several
 * calls nor fills the log. Identity Center never gives the id of a deleted group to another one.
 */
export const createMissingGroups = (log: Log): MissingGroups => {
  const entries = new Map<string, { until: number; known: boolean }>();
  const entryOf = (group: string) => {
    const entry = entries.get(group);
    return entry !== undefined && entry.until > Date.now() ? entry : undefined;
  };
  return {
    has: (group) => entryOf(group)?.known === true,
    add: (group, known) => {
      if (entryOf(group) !== undefined) return;
      entries.set(group, { until: Date.now() + memory, known });
      log.error("A group of the configuration does not exist: nobody is a member of it.", {
        group,
      });
    },
  };
};
