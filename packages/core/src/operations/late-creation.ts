import type { Lease } from "../lease/lease.ts";
import { lateEffect } from "../lease/ledger.ts";
import type { Strategy, Subject } from "../ports/strategy.ts";
import { milliseconds } from "../time.ts";

/**
 * Whether access that exists although Curfew took it away comes from creations of ours that got no
 * answer and took effect late. The service's record names no sender, so it must show at least one
 * creation after the removal and within {@link lateEffect} of our last one, and no more than ours
 * explain.
 */
export const isLateCreation = async (
  strategy: Strategy,
  subject: Subject,
  { unanswered, removedAt }: Lease,
): Promise<boolean> => {
  const last = unanswered.at(-1);
  if (last === undefined || removedAt === undefined) return false;
  const [from, until] = [milliseconds(removedAt), milliseconds(last) + lateEffect];
  if (until < from) return false;
  const count = (await strategy.createdBetween?.(subject, from, until)) ?? 0;
  return count > 0 && count <= unanswered.length;
};
