import { type Config, named } from "./schema.ts";

/** Sorted and each once: the order of the configuration means nothing. */
const sorted = (roleArns: readonly string[]): string[] => [...new Set(roleArns)].toSorted();

/** ARNs of the roles through which strategies of a type give access and take it away. */
export const connectorRoles = ({ integrations, strategies }: Config, type: string): string[] => {
  const uses = Object.values(strategies).filter((use) => use.type === type);
  return sorted(uses.flatMap(({ integration }) => named(integrations, integration)?.roleArn ?? []));
};

/** ARNs of the roles through which strategies of a type take away what they once gave, and give nothing any more. */
export const formerRoles = ({ formerIntegrations }: Config, type: string): string[] =>
  sorted(formerIntegrations.filter((one) => one.type === type).map(({ roleArn }) => roleArn));
