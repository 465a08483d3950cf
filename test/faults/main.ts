import { playMatrix, recordPoints } from "./matrix.ts";
import { nameOf } from "./points.ts";
import { tableOf } from "./table.ts";

/*
 * `npm run test:faults`: the whole matrix. Words on the command line choose the points that have all of them in their names.
 */

const words = process.argv.slice(2);
const all = await recordPoints();
const points = all.filter((point) => words.every((word) => nameOf(point).includes(word)));
console.log(`${points.length} of ${all.length} points`);

let played = 0;
const results = await playMatrix(points, ({ point, broken, struck, lag, status }) => {
  played += 1;
  const verdict =
    broken.length > 0 ? `BROKEN ${broken.join("; ")}` : struck ? "kept" : "not reached";
  console.log(
    `${played}/${points.length} ${nameOf(point)}: ${verdict} (${status}, ${lag ?? "-"} s)`,
  );
});
console.log(`\n${tableOf(results)}`);
if (results.some(({ broken }) => broken.length > 0)) process.exitCode = 1;
