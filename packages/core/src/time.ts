import * as z from "zod/mini";

/** A moment in UTC, ISO 8601 with milliseconds, such as `2026-11-20T12:00:00.000Z`: sorts as text. */
export const Timestamp = z.iso.datetime();
export type Timestamp = z.infer<typeof Timestamp>;

/** The timestamp of milliseconds since the epoch. */
export const timestamp = (milliseconds: number): Timestamp => new Date(milliseconds).toISOString();

/** Milliseconds since the epoch of a timestamp. */
export const milliseconds = (at: Timestamp): number => Date.parse(at);

/** The timestamp that is `seconds` after another. */
export const addSeconds = (at: Timestamp, seconds: number): Timestamp =>
  timestamp(milliseconds(at) + seconds * 1_000);

/** Whole seconds from `now` (milliseconds since the epoch) until `at`, rounded up, at least 1: what a Step Functions timeout accepts. */
export const secondsUntil = (at: Timestamp, now: number): number =>
  Math.max(1, Math.ceil((milliseconds(at) - now) / 1_000));
