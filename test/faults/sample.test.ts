import { afterAll, expect, it } from "vitest";
import { openLanes, playMatrix, recordQuickly } from "./matrix.ts";
import { plainCycles } from "./plain-cycles.ts";
import { type Point, sampleOf } from "./points.ts";
import { tableOf } from "./table.ts";

/** So many points of each plain cycle; `npm run test:faults` plays all of them. */
const size = 1;

const striking = { function: "escalate-aws_sso", nth: 0 };
const assignment = { service: "sso", operation: "CreateAccountAssignment" };
const membership = { service: "identitystore", operation: "CreateGroupMembership" };
const undisturbed = { function: "-", service: "-", operation: "-", nth: 0, kind: "undisturbed" };

/** One point of each other group of cycles, at the call by which it can break the promise. */
const others: readonly Point[] = [
  {
    ...{ cycle: "revoked meanwhile, permission set", ...striking, ...assignment },
    kind: "late",
  },
  {
    ...{ cycle: "next holder, permission set", ...striking, ...assignment },
    ...{ function: "deescalate-aws_sso", operation: "DeleteAccountAssignment" },
    kind: "late",
  },
  {
    ...{ cycle: "revoked meanwhile and Lists behind, group", ...striking, ...membership },
    kind: "late",
  },
  { cycle: "deleted group", ...undisturbed, kind: "undisturbed" },
  {
    cycle: "standing access taken away and asked for again, group",
    ...undisturbed,
    kind: "undisturbed",
  },
];

/** Not more sandboxes at once, for other tests run beside this one. */
const lanes = openLanes(3);

afterAll(lanes.close);

it("keeps the promise at a sample of the fault matrix", { timeout: 400_000 }, async () => {
  const points = await recordQuickly(lanes, (cycle) => plainCycles.includes(cycle));
  const sample = [...others, ...sampleOf(points, size)];
  const results = await playMatrix(lanes, sample);
  console.log(`${results.length} points\n${tableOf(results)}`);
  expect(results).toHaveLength(sample.length);
  expect(results.flatMap(({ broken }) => broken)).toEqual([]);
  expect(results.filter(({ struck }) => struck).length).toBeGreaterThan(sample.length / 2);
});
