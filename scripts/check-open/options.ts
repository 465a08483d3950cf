import { flagsOf, type StageOptions, stageFlags, stageOf } from "../stage/stage-options.ts";

/** What the command line asks for. */
export interface Options extends StageOptions {
  help: boolean;
  /** A file instead of curfew.config.ts. */
  config: string | undefined;
}

export const usage = `Looks whether all that is open can still be ended with the configuration as it is now: what is to be done
before that is deployed, and once more afterwards.

Usage: npm run check:open -- [options]

  --stage <name>      the stage to be deployed (default sandbox). Any other is reached with the AWS
                      credentials and the region of the environment, in the hub account
  --endpoint <url>    the sandbox's AWS endpoint (default http://127.0.0.1:4566)
  --config <file>     look at another configuration than curfew.config.ts
  --help              show this

Exits with 0 when everything can be ended, with 1 otherwise. It changes nothing.`;

const flags = {
  ...stageFlags,
  help: { type: "boolean", short: "h", default: false },
  config: { type: "string" },
} as const;

/** @throws UsageError */
export const parseOptions = (args: readonly string[]): Options => {
  const { help, config, ...stage } = flagsOf(args, flags);
  return { help, ...stageOf(stage), config };
};
