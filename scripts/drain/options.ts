import { parseArgs } from "node:util";
import { parseDuration } from "@curfew/core";

/** What the command line asks for. */
export interface Options {
  help: boolean;
  stage: string;
  /** The sandbox's AWS endpoint; undefined for a deployed stage. */
  endpoint: string | undefined;
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

/** A command line that cannot be followed; its message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h", default: false },
        stage: { type: "string", default: "sandbox" },
        endpoint: { type: "string" },
        timeout: { type: "string", default: "30m" },
        reopen: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

/** @throws UsageError */
export const parseOptions = (args: readonly string[]): Options => {
  const { help, stage, endpoint, timeout, reopen } = parse(args);
  const seconds = parseDuration(timeout);
  if (seconds === undefined)
    throw new UsageError(`--timeout wants a time such as 90s or 30m, not "${timeout}"`);
  if (!/^[a-z0-9][a-z0-9-]*$/.test(stage)) throw new UsageError(`"${stage}" is no stage`);
  if (endpoint !== undefined && stage !== "sandbox")
    throw new UsageError("--endpoint is for the sandbox; other stages are in AWS");
  const local = stage === "sandbox" ? "http://127.0.0.1:4566" : undefined;
  return { help, stage, endpoint: endpoint ?? local, timeout: seconds, reopen };
};
