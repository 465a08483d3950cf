import * as z from "zod/mini";

const secondsPerUnit = { s: 1, m: 60, h: 3_600, d: 86_400, mo: 30 * 86_400 } as const;

/** The longest duration that a request may have: 300 days, in seconds. */
export const longestDuration = 300 * secondsPerUnit.d;

const form = /^([1-9]\d{0,8})(s|m|h|d|mo)$/;
const rule = "must be a number and a unit, one of s, m, h, d, mo (30 days), such as 30m";

/** Seconds of a duration such as `30s`, `10m`, `1h`, `2d` or `1mo` (30 days); undefined if it is not of that form. */
export const parseDuration = (text: string): number | undefined => {
  const [, count, unit] = form.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  return Number(count) * secondsPerUnit[unit as keyof typeof secondsPerUnit];
};

/** The shortest text for a number of seconds: 3,600 is `1h`, 90 is `90s`. */
export const formatDuration = (seconds: number): string => {
  const units = ["d", "h", "m"] as const;
  const unit = units.find((candidate) => seconds % secondsPerUnit[candidate] === 0) ?? "s";
  return `${seconds / secondsPerUnit[unit]}${unit}`;
};

/** A duration as people write it, parsed to seconds; at most 300 days. */
export const Duration = z.pipe(
  z.string(),
  z.transform((text, { issues }) => {
    const seconds = parseDuration(text);
    if (seconds !== undefined && seconds <= longestDuration) return seconds;
    issues.push({
      input: text,
      code: "custom",
      message: seconds === undefined ? rule : "must be at most 300d",
    });
    return z.NEVER;
  }),
);
