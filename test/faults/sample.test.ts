import { expect, it } from "vitest";
import { playMatrix, recordPoints } from "./matrix.ts";
import { sampleOf } from "./points.ts";
import { tableOf } from "./table.ts";

/** So many points take about half a minute; `npm run test:faults` plays all of them. */
const size = 12;

it("keeps the promise at a sample of the fault matrix", { timeout: 400_000 }, async () => {
  const points = await recordPoints();
  const results = await playMatrix(sampleOf(points, size));
  console.log(`${results.length} of ${points.length} points\n${tableOf(results)}`);
  expect(results.flatMap(({ broken }) => broken)).toEqual([]);
  expect(results.filter(({ struck }) => struck).length).toBeGreaterThan(size / 2);
});
