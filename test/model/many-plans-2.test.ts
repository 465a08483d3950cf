import { expect, it } from "vitest";
import { play, seedOf } from "./play.ts";

// One half of the plans: the other file plays at the same time, on another core.
it("keeps the promise in 10,000 plans in which anything may go wrong, half 2", {
  timeout: 3_600_000,
}, async () => {
  const played = await play("any", 10_000, seedOf(12));
  expect(played.broken).toBeUndefined();
  expect(played.cases).toBe(10_000);
});
