import { milliseconds, type Timestamp, timestamp } from "../time.ts";
import { type Change, record } from "./change.ts";
import type { Actor } from "./person.ts";
import type { Request } from "./request.ts";

/** The schedules `.0` and `.1` belong to the arming and to the activation. */
const firstCurfew = 1;

/** The number of the schedule that belongs to `expiresAt`. */
export const scheduleOf = ({ schedules }: Request): number => schedules?.current ?? firstCurfew;

/** Whether the curfew has yet to come and nobody has asked for an earlier end. */
export const hasTimeLeft = ({ status, endRequested, expiresAt }: Request, now: number): boolean =>
  status === "active" &&
  endRequested === undefined &&
  expiresAt !== undefined &&
  milliseconds(expiresAt) > now;

/**
 * Takes the next number for a schedule. Written before the schedule is created, so that two extensions at once never share a name: a schedule's
 * name says all about it.
 */
export const reserveSchedule =
  (now: number): Change =>
  (request) => {
    if (!hasTimeLeft(request, now)) return undefined;
    const current = scheduleOf(request);
    const reserved = (request.schedules?.reserved ?? firstCurfew) + 1;
    return { ...request, schedules: { reserved, current } };
  };

/** A later end, and the schedule that exists for it already. */
export interface Extension {
  schedule: number;
  end: Timestamp;
  by: Actor;
}

/** Puts the curfew off, unless the end has come or was asked for meanwhile, or another extension has reserved a newer schedule. Never to an earlier end. */
export const extend =
  ({ schedule, end, by }: Extension, now: number): Change =>
  (request) => {
    const { schedules, expiresAt } = request;
    if (!hasTimeLeft(request, now) || schedules?.reserved !== schedule) return undefined;
    if (expiresAt !== undefined && milliseconds(end) <= milliseconds(expiresAt)) return undefined;
    return record(
      { ...request, expiresAt: end, schedules: { ...schedules, current: schedule } },
      { event: "request.extended", at: timestamp(now), actor: by, message: `until ${end}` },
    );
  };
