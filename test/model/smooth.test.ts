import * as core from "@curfew/core/testing";
import { expect, it } from "vitest";
import { play, seedOf } from "./play.ts";

it("keeps the promise to the second in 1,000 cases in which nothing goes wrong", {
  timeout: 120_000,
}, async () => {
  const played = await play(core, "smooth", 1_000, seedOf(3));
  expect(played.broken).toBeUndefined();
  expect(played.granted).toBeGreaterThan(1_000);
});
