import * as core from "@curfew/core/testing";
import { expect, it } from "vitest";
import { play, seedOf } from "./play.ts";

// Half of them: the other file is played at the same time, on another core.
it("keeps the promise in 5,000 cases in which anything may go wrong, the second half", {
  timeout: 300_000,
}, async () => {
  const played = await play(core, "any", 5_000, seedOf(2));
  expect(played.broken).toBeUndefined();
  expect(played.cases).toBe(5_000);
  // It would be easy to keep if nothing were ever given.
  expect(played.granted).toBeGreaterThan(5_000);
});
