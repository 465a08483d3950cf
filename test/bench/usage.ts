import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";

/** What a process has used since it was started. */
export interface Usage {
  /** The most memory it ever had resident, in MB. */
  peakMemory: number;
  /** Of all cores together, in seconds. */
  cpu: number;
}

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Reads a process's usage from Linux's /proc; workers are threads of the sandbox's process, so it is all in there. */
export const usageOf = (pid: number): Usage => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const [, peak = "NaN"] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  // The second field is the program's name in brackets, which may have spaces in it.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  const [user, system] = [fields[11], fields[12]].map(Number);
  return {
    peakMemory: Number(peak) / 1_024,
    cpu: ((user ?? Number.NaN) + (system ?? Number.NaN)) / ticksPerSecond,
  };
};

/** How busy the machine is, for a report to say under what circumstances its figures came about. */
export const machineLoad = (): string =>
  `load average ${loadavg()
    .map((load) => load.toFixed(1))
    .join(", ")}`;
