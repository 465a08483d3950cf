import { availableParallelism, freemem } from "node:os";
import { parseArgs } from "node:util";
import { setup } from "../support/bundle-once.ts";
import type { Cycle } from "./cycle.ts";
import { cycles } from "./cycles.ts";
import { openLanes, playMatrix, recordPoints } from "./matrix.ts";
import { chosenBy, nameOf, spread } from "./points.ts";
import { lanesFor, minutes, timeLeft } from "./progress.ts";
import { tableOf } from "./table.ts";

/*
 * `npm run test:faults`: the whole matrix. Words on the command line choose the points that have all of them in their names, and after `--not`, those that
 * do not have it. `--cycle <words>` plays only the cycle of that name, or else those that have it
 * in their names: the others are not even recorded. `--first <n>` plays so many of them, spread
 * over all. Interrupted, it prints what it has so far.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lanes: { type: "string", default: String(lanesFor(availableParallelism(), freemem())) },
    first: { type: "string" },
    skip: { type: "string", default: "0" },
    cycle: { type: "string", default: "" },
    not: { type: "string", multiple: true, default: [] },
  },
});

const isExact = cycles.some(({ name }) => name === values.cycle);
const isWanted = ({ name }: Cycle): boolean =>
  isExact ? name === values.cycle : name.includes(values.cycle);

const stop = new AbortController();
process.once("SIGINT", () => {
  console.log("Stopping.");
  stop.abort();
});

const start = Date.now();
const { signal } = stop;
const remove = await setup();
const lanes = openLanes(Number(values.lanes), signal);
try {
  const all = await recordPoints(lanes, isWanted);
  const chosen = spread(all.filter(chosenBy(positionals, values.not)));
  const rest = chosen.slice(Number(values.skip));
  const points = rest.slice(0, values.first === undefined ? all.length : Number(values.first));
  console.log(`${points.length} of ${all.length} points, ${values.lanes} at a time`);

  const playStart = Date.now();
  let [played, failed] = [0, 0];
  const results = await playMatrix(lanes, points, ({ point, broken, struck, lag, status }) => {
    played += 1;
    if (broken.length > 0) failed += 1;
    const left = timeLeft(played, points.length, Date.now() - playStart);
    const verdict =
      broken.length > 0 ? `BROKEN ${broken.join("; ")}` : struck ? "kept" : "not reached";
    console.log(
      `${played}/${points.length}, ${failed} broken, ${left} left: ${nameOf(point)}: ${verdict} (${status}, ${lag ?? "-"} s)`,
    );
  });
  if (results.length > 0) console.log(`\n${tableOf(results)}`);
  const what = signal.aborted
    ? `Stopped after ${played} of ${points.length} points and`
    : "It took";
  console.log(`${what} ${minutes(Date.now() - start)}.`);
  if (failed > 0 || signal.aborted || results.length < points.length) process.exitCode = 1;
} finally {
  await lanes.close();
  await remove();
}
