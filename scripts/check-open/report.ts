import type { Stranded, StrandedReport } from "@curfew/core";

const lineOf = ({ kind, id, state, needs }: Stranded): string =>
  needs === undefined
    ? `  ${kind} ${id} cannot be read: nobody can tell what it needs`
    : `  ${kind} ${id} (${state}): ${needs.strategy} needs ${needs.roleArn}`;

const entriesFor = (stranded: readonly Stranded[]): string[] => [
  ...new Set(
    stranded.flatMap(({ needs }) =>
      needs === undefined
        ? []
        : [
            `  { type: ${JSON.stringify(needs.strategy)}, roleArn: ${JSON.stringify(needs.roleArn)} },`,
          ],
    ),
  ),
];

/** What was found, in lines for whoever is about to deploy. */
export const reportOf = ({ open, stranded }: StrandedReport): string => {
  if (stranded.length === 0)
    return `Everything can be ended: of ${open} open requests and leases, none needs a role that the configuration lacks.`;
  const entries = entriesFor(stranded);
  return [
    `With this configuration Curfew could not end ${stranded.length} of ${open} open requests and leases:`,
    ...stranded.map(lineOf),
    ...(entries.length === 0
      ? []
      : [
          "Add to formerIntegrations in curfew.config.ts, until nothing needs it any more:",
          ...entries,
        ]),
  ].join("\n");
};
