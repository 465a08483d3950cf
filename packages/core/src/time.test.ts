import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noon } from "./testing/index.ts";
import { addSeconds, milliseconds, secondsUntil, Timestamp, timestamp } from "./time.ts";

describe("a timestamp", () => {
  it("is what its schema accepts", () => {
    expect(Timestamp.parse(timestamp(0))).toBe("1970-01-01T00:00:00.000Z");
    expect(Timestamp.safeParse("2026-11-20T12:00:00+01:00").success).toBe(false);
    expect(Timestamp.safeParse("2026-11-20").success).toBe(false);
  });

  it("sorts as text as it does in time", () => {
    const moment = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        expect(timestamp(a) < timestamp(b)).toBe(a < b);
      }),
    );
  });

  it("moves by seconds, over months too", () => {
    expect(addSeconds("2026-11-30T23:59:59.500Z", 1)).toBe("2026-12-01T00:00:00.500Z");
    expect(addSeconds(noon, -60)).toBe("2026-11-20T11:59:00.000Z");
  });
});

describe("the seconds until a moment", () => {
  it("are rounded up, so that nothing ends early", () => {
    expect(secondsUntil(noon, milliseconds(noon) - 1_001)).toBe(2);
  });

  it("are at least one, which is the least that Step Functions waits", () => {
    expect(secondsUntil(noon, milliseconds(noon))).toBe(1);
    expect(secondsUntil(noon, milliseconds(noon) + 5_000)).toBe(1);
  });
});
