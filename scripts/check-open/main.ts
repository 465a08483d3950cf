/** `npm run check:open`: looks whether all that is open can be ended with the configuration, before that is deployed. */
import { findStranded, type Log } from "@curfew/core";
import { openStage } from "../stage/open-stage.ts";
import { UsageError } from "../stage/stage-options.ts";
import { exitsOf } from "./exits.ts";
import { type Options, parseOptions, usage } from "./options.ts";
import { reportOf } from "./report.ts";

const fail = (message: string): never => {
  console.error(`check:open: ${message}`);
  process.exit(1);
};

const readOptions = (): Options => {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError) return fail(`${error.message}\n\n${usage}`);
    throw error;
  }
};

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

const options = readOptions();
if (options.help) {
  console.log(usage);
  process.exit(0);
}

const check = async (): Promise<boolean> => {
  const exits = await exitsOf(options.config);
  const report = await findStranded(await openStage(options, silent), exits);
  console.log(reportOf(report));
  return report.stranded.length === 0;
};

const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.name === "ResourceNotFoundException"
    ? `the stage ${options.stage} has no table in this account and region`
    : error.message || error.name;
};

const isFine = await check().catch((error: unknown) => fail(explain(error)));
process.exit(isFine ? 0 : 1);
