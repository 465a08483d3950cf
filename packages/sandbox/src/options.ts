import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Options {
  help: boolean;
  port: number;
  awsPort: number;
  state: string;
  fresh: boolean;
  config: string | undefined;
}

export const usage = `Curfew on this machine: API, workflow, AWS endpoint and a seeded organisation.

Usage: npm start -- [options]

  --port <n>       port of the API (default 4100); 0 picks free ports for both, and prints them
  --aws-port <n>   port of the AWS endpoint (default 4566, or a free one with --port 0)
  --state <dir>    where everything is kept (default .sandbox)
  --fresh          forget what is kept there, and start over
  --config <file>  run another configuration than curfew.config.ts
  --help           show this`;

/** A command line that cannot be followed; its message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const portOf = (flag: string, text: string): number => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`${flag} wants a number from 0 to 65535, not "${text}"`);
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h", default: false },
        port: { type: "string", default: "4100" },
        "aws-port": { type: "string" },
        state: { type: "string", default: ".sandbox" },
        fresh: { type: "boolean", default: false },
        config: { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

/** @throws UsageError */
export const parseOptions = (args: readonly string[]): Options => {
  const values = parse(args);
  const port = portOf("--port", values.port);
  const awsPort = values["aws-port"] ?? (port === 0 ? "0" : "4566");
  return {
    help: values.help,
    port,
    awsPort: portOf("--aws-port", awsPort),
    state: values.state,
    fresh: values.fresh,
    config: values.config,
  };
};
