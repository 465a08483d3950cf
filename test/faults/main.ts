import { playMatrix, recordPoints } from "./matrix.ts";
import { nameOf } from "./points.ts";
import { tableOf } from "./table.ts";

/*
 * `npm run test:faults`: the whole matrix. Words on the command line choose the points that have all of them in their names, and with a hyphen
 * before it, those that do not have it.
 */

const words = process.argv.slice(2);
const all = await recordPoints();
const chosen = (name: string, word: string): boolean =>
  word.startsWith("-") ? !name.includes(word.slice(1)) : name.includes(word);
const points = all.filter((point) => words.every((word) => chosen(nameOf(point), word)));
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
