import { expect, it } from "vitest";
import { secondsOf } from "./session-duration.ts";

it.each([
  ["PT1H", 3_600],
  ["PT12H", 43_200],
  ["PT1H30M", 5_400],
  ["PT90M", 5_400],
  ["PT3600S", 3_600],
])("a session duration of %s is %i seconds", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

it.each([undefined, "", "PT", "1h", "P1D", "-PT1H", "PT1H later"])(
  "%s is no session duration",
  (text) => {
    expect(() => secondsOf(text)).toThrow("no session duration");
  },
);
