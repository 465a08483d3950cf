import { milliseconds, type Timestamp } from "../time.ts";
import { allowed, type Decision, refused } from "./decision.ts";

/** How far in the past a start may lie, in seconds: clocks differ, and a call takes its time. */
const tolerance = 60;

/** How far ahead a start may lie, in days. */
const mostDaysAhead = 90;

/** Whether access may be asked for that starts at that moment. */
export const mayStartAt = (startAt: Timestamp | undefined, now: number): Decision => {
  if (startAt === undefined) return allowed;
  const ahead = (milliseconds(startAt) - now) / 1_000;
  if (ahead < -tolerance)
    return refused("request.start-not-allowed", "The start lies in the past.", "startAt");
  if (ahead > mostDaysAhead * 86_400)
    return refused(
      "request.start-not-allowed",
      `The start must be at most ${mostDaysAhead} days ahead.`,
      "startAt",
    );
  return allowed;
};
