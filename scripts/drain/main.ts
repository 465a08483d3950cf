/** `npm run drain`: ends every request and takes no new ones, before Curfew is removed. */
import { drain, type Log, operator, type Remainder, setIntake } from "@curfew/core";
import { commandLine } from "../stage/command-line.ts";
import { openStage } from "../stage/open-stage.ts";
import { type Options, parseOptions, usage } from "./options.ts";

/** What goes wrong on the way, in a line each: it is tried again. */
const line = (message: string, { error, id }: Record<string, unknown> = {}): void =>
  console.error([message, id, error].filter((part) => part !== undefined).join(" "));
const log: Log = { info: () => {}, warn: () => {}, error: line };

const run = async (options: Options): Promise<boolean> => {
  const deps = await openStage(options, log);
  if (options.reopen) {
    await setIntake(deps, false, operator);
    console.log(`The stage ${options.stage} takes requests again.`);
    return true;
  }
  console.log(`Draining the stage ${options.stage}: requests are taken no more.`);
  const show = progress();
  const drained = await drain(deps, { patience: options.timeout * 1_000, report: show });
  console.log(
    drained
      ? "Nothing is left: no request is open, and the ledger holds no access."
      : "Not everything has ended. Run it again to go on; errors are on the errors topic.",
  );
  return drained;
};

/** Prints what is left whenever that has changed. */
const progress = (): ((left: Remainder) => void) => {
  let last = "";
  return ({ requests, leases }) => {
    const text =
      requests + leases === 0
        ? "Nothing is open; waiting for calls that may still be under way."
        : `Still open: requests ${requests}, leases ${leases}.`;
    if (text !== last) console.log(`${new Date().toISOString()}  ${text}`);
    last = text;
  };
};

const { options, fail } = commandLine("drain", usage, parseOptions);
const drained = await run(options).catch((error: unknown) =>
  fail(error instanceof Error ? error.message || error.name : String(error)),
);
process.exit(drained ? 0 : 1);
