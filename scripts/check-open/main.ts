/** `npm run check:open`: looks whether all that is open can be ended with the configuration, before that is deployed. */
import { findStranded, type Log } from "@curfew/core";
import { commandLine } from "../stage/command-line.ts";
import { openStage } from "../stage/open-stage.ts";
import { exitsOf } from "./exits.ts";
import { parseOptions, usage } from "./options.ts";
import { reportOf } from "./report.ts";

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

const { options, fail } = commandLine("check:open", usage, parseOptions);

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
