/** `npm run bench`: what Curfew does under the limits of Identity Center, and what one request takes. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { writeConfiguration } from "../support/configuration.ts";
import { startSandbox, stateFolder } from "../support/sandbox.ts";
import { runBench } from "./bench.ts";
import { bundleSizes } from "./bundles.ts";
import { countBy } from "./calls.ts";
import { configuration, crowd } from "./crowd.ts";
import { figuresOf } from "./figures.ts";
import { turnsUntilGranted } from "./in-a-row.ts";
import { runReconcile } from "./reconcile.ts";
import { runSingle } from "./single.ts";
import { createProgress, tableOf } from "./table.ts";
import { machineLoad } from "./usage.ts";

/** The parts of the bench, each on a sandbox of its own. */
const partNames = ["load", "single", "bundles", "reconcile"];

const { values } = parseArgs({
  options: {
    part: { type: "string", multiple: true, default: partNames },
    approving: { type: "string", default: "500" },
    expiring: { type: "string", default: "200" },
    lasting: { type: "string", default: "3m" },
    workers: { type: "string", default: "20" },
  },
});
const [approving, expiring] = [Number(values.approving), Number(values.expiring)];
/** Changes of the busiest account: the requests are dealt out evenly. */
const chain = Math.ceil(approving / crowd.accounts) + Math.ceil(expiring / crowd.accounts);

const progress = createProgress();
const problems: string[] = [];
/** Says whether a goal is met, and remembers where not. */
const goal = (met: boolean, text: string): string => {
  if (!met) problems.push(text);
  return `${met ? "met" : "MISSED"}: ${text}`;
};
const inSeconds = (value: number): string => `${value.toFixed(1)} s`;

/** One request alone, with approval and without. The first of each warms the workers up. */
const single = async (): Promise<string[][]> => {
  const folder = await stateFolder();
  const sandbox = await startSandbox(folder.path);
  const rows: string[][] = [];
  try {
    for (const withApproval of [true, false]) {
      await runSingle(sandbox, withApproval);
      const { transitions, calls } = await runSingle(sandbox, withApproval);
      const most = withApproval ? 10 : 8;
      const what = withApproval ? "with approval" : "without approval";
      rows.push(
        [`${what}: state transitions`, String(transitions), goal(transitions <= most, `≤ ${most}`)],
        [`${what}: AWS calls`, String(calls.length)],
      );
    }
    const turns = await turnsUntilGranted(sandbox);
    rows.push([
      "calls in a row from the approval to CreateAccountAssignment",
      String(turns.length),
      goal(turns.length <= 12, "≤ 12"),
    ]);
    for (const { function: name, operations } of turns)
      rows.push([`  ${name.replace("curfew-sandbox-", "")} ${operations.join(" + ")}`]);
    return rows;
  } finally {
    await sandbox.stop();
    await folder.remove();
  }
};

const load = async (): Promise<string[][]> => {
  const folder = await stateFolder();
  const config = await writeConfiguration(folder.path, configuration);
  const size = `${crowd.accounts}x${crowd.people}`;
  const options = ["--strict", "--crowd", size, "--config", config];
  for (const name of ["escalate-aws_sso", "deescalate-aws_sso"])
    options.push("--workers", `${name}=${values.workers}`);
  const sandbox = await startSandbox(folder.path, options);
  try {
    const result = await runBench(
      sandbox,
      { approving, expiring, lasting: values.lasting },
      progress,
    );
    const it = figuresOf(result, chain, availableParallelism());
    problems.push(...result.problems);
    return [
      ["approvals at once, expiries meanwhile", `${approving}, ${expiring}`],
      [
        "makespan",
        inSeconds(it.makespan),
        goal(it.makespan <= it.bound * 1.3, `≤ 1.3 × ${inSeconds(it.bound)}`),
      ],
      ["  bound by calls (20 a second)", inSeconds(it.parts.calls)],
      ["  bound by creations (10 outstanding)", inSeconds(it.parts.creations)],
      ["  bound by the busiest account (one change at a time)", inSeconds(it.parts.chain)],
      ["revocation lag p50", inSeconds(it.lag.p50)],
      ["revocation lag p99", inSeconds(it.lag.p99), goal(it.lag.p99 <= 60, "≤ 60 s")],
      ["approval to active p50, p99", `${inSeconds(it.grant.p50)}, ${inSeconds(it.grant.p99)}`],
      ["calls of Identity Center", String(it.calls)],
      ["  throttled, and waited out", String(it.throttled)],
      ["  in conflict, and waited out", String(it.conflicts)],
      ...countBy(
        result.calls.filter(({ service, outcome }) => service === "sso" && outcome === "ok"),
        ({ operation }) => operation,
      ).map(([operation, count]) => [`  ${operation}`, String(count)]),
      ["surfaced", String(result.problems.length), goal(result.problems.length === 0, "nothing")],
      ["peak memory of the sandbox", `${result.usage.peakMemory.toFixed(0)} MB`],
      ["share of all cores", `${(it.cpuShare * 100).toFixed(0)} %`],
    ];
  } finally {
    await sandbox.stop();
    await folder.remove();
  }
};

const bundles = async (): Promise<string[][]> =>
  (await bundleSizes()).map(([name, size], index) => [
    `${index === 0 ? "bundles: " : "         "}${name}`,
    `${size.toFixed(0)} KB`,
    ...(size > 550 ? [goal(false, "≤ 550 KB")] : []),
  ]);

const reconcile = async (): Promise<string[][]> => {
  const folder = await stateFolder();
  const sandbox = await startSandbox(folder.path);
  try {
    const costs = await runReconcile(sandbox, [10, 1_000, 100_000], progress);
    return costs.map(({ name, closed, calls, time }) => [
      `${name} beside ${closed} closed requests`,
      `${calls} calls, ${time.toFixed(0)} ms`,
      goal(calls === costs.find((first) => first.name === name)?.calls, "flat"),
    ]);
  } finally {
    await sandbox.stop();
    await folder.remove();
  }
};

const parts: Record<string, () => Promise<string[][]>> = { load, single, bundles, reconcile };
progress(`the machine: ${machineLoad()}`);
const rows: string[][] = [];
for (const part of values.part) rows.push(...((await parts[part]?.()) ?? []));
progress(`the machine: ${machineLoad()}`);
console.log(`\n${tableOf(rows)}`);
for (const problem of problems) console.error(`bench: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
