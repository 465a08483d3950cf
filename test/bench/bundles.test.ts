import { expect, test } from "vitest";
import { bundleSizes } from "./bundles.ts";

/** KB. */
const goal = 550;

test("no function's code is larger than it has to be", async () => {
  const sizes = await bundleSizes();
  expect(sizes.length).toBeGreaterThan(20);
  expect(sizes.filter(([, size]) => size > goal)).toEqual([]);
});
