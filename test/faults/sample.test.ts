import { afterAll, expect, it } from "vitest";
import { openLanes, playMatrix, recordQuickly } from "./matrix.ts";
import { sampleOf } from "./points.ts";
import { tableOf } from "./table.ts";

/** So many points of each cycle; `npm run test:faults` plays all of them. */
const size = 2;

/** Not more sandboxes at once, for other tests run beside this one. */
const lanes = openLanes(3);

afterAll(lanes.close);

it("keeps the promise at a sample of the fault matrix", { timeout: 400_000 }, async () => {
  const points = await recordQuickly(lanes);
  const sample = sampleOf(points, size);
  const results = await playMatrix(lanes, sample);
  console.log(`${results.length} of ${points.length} points\n${tableOf(results)}`);
  expect(results).toHaveLength(sample.length);
  expect(results.flatMap(({ broken }) => broken)).toEqual([]);
  expect(results.filter(({ struck }) => struck).length).toBeGreaterThan(sample.length / 2);
});
