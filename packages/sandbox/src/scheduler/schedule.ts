import type { Content } from "./schemas.ts";

/** One schedule, as it is kept. Times are milliseconds since the epoch. */
export interface Schedule {
  name: string;
  group: string;
  arn: string;
  content: Content;
  /** When it is to fire. */
  at: number;
  /** It has fired, and was to be kept. */
  fired: boolean;
  createdAt: number;
  modifiedAt: number;
  /** Of its creation: the same again is the same call, tried again. */
  clientToken?: string | undefined;
}

/** The key of a schedule in the store. */
export const scheduleId = (group: string, name: string): string => `${group}/${name}`;

/**
 * The time of a one-time expression, `at(yyyy-mm-ddThh:mm:ss)`, in UTC.
 *
 * @returns milliseconds since the epoch, or undefined for anything else
 */
export const parseAt = (expression: string): number | undefined => {
  const [, time] = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/.exec(expression) ?? [];
  if (time === undefined) return undefined;
  const at = Date.parse(`${time}Z`);
  // The 31st of a short month is none, although the platform reads it as the next day.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(time) ? at : undefined;
};
