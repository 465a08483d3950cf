/** `npm run load`: two hundred requests at once on a fresh sandbox, and what they cost. */
import { startSandbox, stateFolder } from "../support/sandbox.ts";
import { countBy } from "./calls.ts";
import { runLoad } from "./load.ts";
import { createProgress, tableOf } from "./table.ts";
import { machineLoad } from "./usage.ts";

const size = { each: 40, duration: "30s", limit: 10 * 60_000 };

const progress = createProgress();
progress(`starting a sandbox (${machineLoad()})`);
const folder = await stateFolder();
const sandbox = await startSandbox(folder.path);
try {
  const { requests, time, peakMemory, calls, problems } = await runLoad(sandbox, size, progress);
  const failed = calls.filter(({ outcome }) => outcome !== "ok");
  const perRequest = (count: number): string => (count / requests).toFixed(1);
  const rows = [
    ["requests", String(requests)],
    ["time until all have ended", `${time.toFixed(1)} s`],
    ["peak memory of the sandbox", `${peakMemory.toFixed(0)} MB`],
    ["AWS calls per request", perRequest(calls.length)],
    ...countBy(calls, ({ service }) => service).map(([service, count]) => [
      `  ${service}`,
      perRequest(count),
    ]),
    ["calls that AWS refused, per request", perRequest(failed.length)],
    ...countBy(failed, ({ service, outcome }) => `${service} ${outcome}`).map(([what, count]) => [
      `  ${what}`,
      perRequest(count),
    ]),
    ["problems (gateway errors, lost requests, access left or taken)", String(problems.length)],
  ];
  console.log(`\n${tableOf(rows)}\n\nThe machine afterwards: ${machineLoad()}.`);
  for (const problem of problems) console.error(`load: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
} finally {
  await sandbox.stop();
  await folder.remove();
}
