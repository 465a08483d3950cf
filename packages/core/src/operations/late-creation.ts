import type { Lease } from "../lease/lease.ts";
import { clockDifference, lateEffect } from "../lease/ledger.ts";
import type { Strategy, Subject } from "../ports/strategy.ts";
import { milliseconds } from "../time.ts";

/**
 * Whether access that exists although Curfew took it away comes from creations of ours that got no
 * answer and took effect late. The service's record names no sender, so it must show at least one
 * creation within {@link lateEffect} of our last one, and no more than ours explain.
 */
export const isLateCreation = async (
  strategy: Strategy,
  subject: Subject,
  { unanswered, releasedAt }: Lease,
): Promise<boolean> => {
  const [first, last] = [unanswered[0], unanswered.at(-1)];
  if (first === undefined || last === undefined || releasedAt === undefined) return false;
  const sent = milliseconds(first) - clockDifference;
  const released = milliseconds(releasedAt) - clockDifference;
  const until = milliseconds(last) + lateEffect;
  if (until < released) return false;
  const count = (await strategy.creationsWithin?.(subject, { sent, released, until })) ?? 0;
  return count > 0 && count <= unanswered.length;
};
