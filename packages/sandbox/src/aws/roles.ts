import type { Role as DeployedRole, Deployment } from "../deployment/model.ts";

/** An IAM role of any account: who may assume it, and what it may then do. */
export type Role = Pick<DeployedRole, "arn" | "trust" | "policies">;

export interface Roles {
  get(roleArn: string): Role | undefined;
}

/** The roles of the hub's deployment, and the connectors that other accounts have deployed. */
export const createRoles = (deps: {
  deployment: Pick<Deployment, "roles">;
  connectors: readonly Role[];
}): Roles => {
  const roles = [...deps.deployment.roles, ...deps.connectors];
  const byArn = new Map(roles.map((role): [string, Role] => [role.arn, role]));
  return { get: (roleArn) => byArn.get(roleArn) };
};
