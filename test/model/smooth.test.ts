import { expect, it } from "vitest";
import { play, seedOf } from "./play.ts";

it("keeps the promise to the second in 500 plans in which nothing goes wrong", {
  timeout: 120_000,
}, async () => {
  const played = await play("smooth", 500, seedOf(3));
  expect(played.broken).toBeUndefined();
  expect(played.granted).toBeGreaterThan(500);
});
