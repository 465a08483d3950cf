import { parseDuration } from "@curfew/core";
import {
  flagsOf,
  type StageOptions,
  stageFlags,
  stageOf,
  UsageError,
} from "../stage/stage-options.ts";

/** What the command line asks for. */
export interface Options extends StageOptions {
  help: boolean;
  /** Seconds. */
  timeout: number;
  reopen: boolean;
}

export const usage = `Ends every request, and takes no new ones: what is to be done before Curfew is removed.

Usage: npm run drain -- [options]

  --stage <name>      the stage to drain (default sandbox). Any other is reached with the AWS
                      credentials and the region of the environment, in the hub account
  --endpoint <url>    the sandbox's AWS endpoint (default http://127.0.0.1:4566)
  --timeout <time>    how long to wait until everything has ended (default 30m)
  --reopen            take requests again, and end nothing
  --help              show this

Exits with 0 when nothing is left, with 1 otherwise; it may be run again.`;

const flags = {
  ...stageFlags,
  help: { type: "boolean", short: "h", default: false },
  timeout: { type: "string", default: "30m" },
  reopen: { type: "boolean", default: false },
} as const;

/** @throws UsageError */
export const parseOptions = (args: readonly string[]): Options => {
  const { help, timeout, reopen, ...stage } = flagsOf(args, flags);
  const seconds = parseDuration(timeout);
  if (seconds === undefined)
    throw new UsageError(`--timeout wants a time such as 90s or 30m, not "${timeout}"`);
  return { help, ...stageOf(stage), timeout: seconds, reopen };
};
