import type { VirtualClock } from "@curfew/core/testing";

/** One change of one person's access. Times are milliseconds since the epoch. */
export interface AccessChange {
  kind: "create" | "delete";
  /** The person and the thing accessed. */
  key: string;
  by: "curfew" | "administrator";
  /** When the service accepted the call. */
  at: number;
  /** When the change takes effect. */
  doneAt: number;
  /** The service accepted the call and fails to carry it out. */
  fails?: boolean;
}

/** The truth about who had what, which no List has to show. */
export interface AccessLog {
  changes: readonly AccessChange[];
  record(change: AccessChange): void;
  /** Whether the person has the access now, or had it at a moment. */
  has(key: string, at?: number): boolean;
  /** Gives or takes access by hand, at once. */
  byHand(kind: AccessChange["kind"], key: string): void;
}

/** An access log in which nobody has anything. */
export const createAccessLog = (clock: VirtualClock): AccessLog => {
  const changes: AccessChange[] = [];
  const record = (change: AccessChange): void => {
    changes.push(change);
  };
  return {
    changes,
    record,
    has: (key, at = clock.now()) => {
      let last: AccessChange | undefined;
      for (const change of changes) {
        if (change.key !== key || change.fails || change.doneAt > at) continue;
        if (last === undefined || change.doneAt >= last.doneAt) last = change;
      }
      return last?.kind === "create";
    },
    byHand: (kind, key) => {
      const at = clock.now();
      record({ kind, key, by: "administrator", at, doneAt: at });
    },
  };
};
