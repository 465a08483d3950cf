import { expect, test } from "vitest";
import { bundleSizes } from "./bundles.ts";

/** KB. */
const goal = 550;

/** These carry Lambda's client, of which the bundler can leave little out (KB). */
const larger = new Map([
  ["reconcile", 640],
  ["escalate-aws_lambda", 595],
  ["deescalate-aws_lambda", 560],
]);

test("no function's code is larger than it has to be", async () => {
  const sizes = await bundleSizes();
  expect(sizes.length).toBeGreaterThan(20);
  expect(sizes.filter(([name, size]) => size > (larger.get(name) ?? goal))).toEqual([]);
});
