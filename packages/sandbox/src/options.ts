import { parseArgs } from "node:util";
import { type Crowd, largestCrowd } from "./aws/crowd.ts";
import { strict } from "./aws/identity-center/limits.ts";

/** What the command line asks for. */
export interface Options {
  help: boolean;
  port: number;
  awsPort: number;
  state: string;
  fresh: boolean;
  config: string | undefined;
  strict: boolean;
  /** How many times as fast as real time the sandbox's may pass, on average. */
  timeLapse: number;
  /** By name: how many workers a function may have at a time, where that is not as many as any other. */
  workers: ReadonlyMap<string, number>;
  /** What the organisation has beside Acme's own. */
  crowd: Crowd | undefined;
}

export const usage = `Curfew on this machine: API, workflow, AWS endpoint and a seeded organisation.

Usage: npm start -- [options]

  --port <n>       port of the API (default 4100); 0 picks free ports for both, and prints them
  --aws-port <n>   port of the AWS endpoint (default 4566, or a free one with --port 0)
  --state <dir>    where everything is kept (default .sandbox)
  --fresh          remove the state that is kept there, and start over; other files stay
  --config <file>  run another configuration than curfew.config.ts
  --strict         Identity Center as slow and as narrow as in AWS: ${strict.callsPerSecond} calls a second over all its
                   operations, ${strict.outstandingCreations} creations outstanding, ${strict.provisioning / 1000} s to provision, ${strict.listLag / 1000} s until Lists show it
                   (always: one change per account at a time)
  --time-lapse <n> skip the time in which nothing happens, up to <n> times as fast as real time; while
                   anything is under way, time passes as ever (GET /sandbox/clock says what time it is)
  --workers <f>=<n> how many invocations of the function <f> run at a time (default 4); may be repeated
  --crowd <a>x<p>  an organisation with <a> more accounts and <p> more engineers (person-001@acme.example …)
  --help           show this`;

/** A command line that cannot be followed; its message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A day in less than a tenth of a second: beyond that only the machine's own speed counts. */
const fastest = 1_000_000;

/** Of one function: each is a thread. */
const mostWorkers = 100;

const portOf = (flag: string, text: string): number => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`${flag} wants a number from 0 to 65535, not "${text}"`);
};

const factorOf = (text: string): number => {
  const factor = Number(text);
  if (/^\d+$/.test(text) && factor >= 1 && factor <= fastest) return factor;
  throw new UsageError(`--time-lapse wants a number from 1 to ${fastest}, not "${text}"`);
};

const workersOf = (texts: readonly string[]): Map<string, number> =>
  new Map(
    texts.map((text) => {
      const [, name, count] = /^([\w-]+)=(\d+)$/.exec(text) ?? [];
      if (name !== undefined && Number(count) >= 1 && Number(count) <= mostWorkers)
        return [name, Number(count)];
      throw new UsageError(
        `--workers wants a function and a number up to ${mostWorkers}, such as escalate-aws_sso=20, not "${text}"`,
      );
    }),
  );

const crowdOf = (text: string | undefined): Crowd | undefined => {
  if (text === undefined) return undefined;
  const [, accounts, people] = (/^(\d+)x(\d+)$/.exec(text) ?? []).map(Number);
  if (accounts !== undefined && people !== undefined)
    if (Math.max(accounts, people) <= largestCrowd) return { accounts, people };
  throw new UsageError(
    `--crowd wants accounts and people, each at most ${largestCrowd}, such as 20x25, not "${text}"`,
  );
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
        strict: { type: "boolean", default: false },
        "time-lapse": { type: "string", default: "1" },
        workers: { type: "string", multiple: true, default: [] },
        crowd: { type: "string" },
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
    strict: values.strict,
    timeLapse: factorOf(values["time-lapse"]),
    workers: workersOf(values.workers),
    crowd: crowdOf(values.crowd),
  };
};
