import { runSimulation } from "@cloud-copilot/iam-simulate";
import type { Role, Roles } from "./roles.ts";
import { AwsError, type Call, type Service } from "./service.ts";

/**
 * Lets a call through or throws what the service would: every call of the endpoint passes here.
 * What is enforced is who may assume a role: by the trust of that role, and by the policies of the caller's. All else is let through.
 *
 * @throws AwsError `AccessDenied`, `AccessDeniedException` or `AuthorizationError`, as the service names it
 */
export type Authorize = (service: Service, call: Call) => Promise<void>;

const everything = {
  name: "everything",
  policy: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  },
};

/** The exception of a service whose caller may not do what it asked for. */
export const accessDenied = (
  service: Pick<Service, "signingName" | "xmlNamespace" | "routes">,
  call: Call,
  resource: string,
  action = `${service.signingName}:${call.operation}`,
): AwsError => {
  const message = `User: ${call.caller.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  if (service.signingName === "sns") return new AwsError("AuthorizationError", message, 403);
  if (service.xmlNamespace !== undefined) return new AwsError("AccessDenied", message, 403);
  return new AwsError("AccessDeniedException", message, service.routes === undefined ? 400 : 403);
};

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** What a trust policy's conditions may ask about. */
const contextOf = (call: Call): Record<string, string> => {
  const { caller, input } = call;
  const context = {
    "aws:PrincipalArn": caller.roleArn ?? caller.arn,
    "aws:PrincipalAccount": caller.accountId,
    "aws:SourceIdentity": caller.sourceIdentity,
    "sts:ExternalId": textOf(input.ExternalId),
    "sts:RoleSessionName": textOf(input.RoleSessionName),
    "sts:SourceIdentity": textOf(input.SourceIdentity) ?? caller.sourceIdentity,
  };
  return Object.fromEntries(
    Object.entries(context).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
};

/** Everything that the trust policy must allow for this one AssumeRole. */
const actionsOf = (call: Call): string[] => {
  const sourceIdentity = call.input.SourceIdentity ?? call.caller.sourceIdentity;
  return [
    "sts:AssumeRole",
    ...(sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"]),
    ...(call.input.Tags === undefined ? [] : ["sts:TagSession"]),
  ];
};

/** What the caller may do by policies of its own: an administrator everything, a session what its role may. */
const identityPoliciesOf = (roles: Roles, { administrator, roleArn = "" }: Call["caller"]) =>
  administrator
    ? [everything]
    : (roles.get(roleArn)?.policies ?? []).map(({ name, document }) => ({
        name,
        policy: document,
      }));

/** AWS wants both from a caller of another account: its own policies and the role's trust. */
const mayAssume = async (
  roles: Roles,
  role: Role,
  call: Call,
  action: string,
): Promise<boolean> => {
  const { caller } = call;
  const simulation = await runSimulation(
    {
      request: {
        principal: caller.arn,
        action,
        resource: { resource: role.arn, accountId: role.arn.split(":")[4] ?? "" },
        contextVariables: contextOf(call),
      },
      identityPolicies: identityPoliciesOf(roles, caller),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: role.trust,
    },
    {},
  );
  return simulation.resultType !== "error" && simulation.overallResult === "Allowed";
};

/** @param deps.roles whose trust and policies decide about AssumeRole */
export const createAuthorize =
  (deps: { roles: Roles }): Authorize =>
  async (service, call) => {
    if (service.signingName !== "sts" || call.operation !== "AssumeRole") return;
    // A call without a role is refused by its validation, which says what is wrong with it.
    const roleArn = textOf(call.input.RoleArn);
    if (roleArn === undefined) return;
    const role = deps.roles.get(roleArn);
    for (const action of actionsOf(call)) {
      if (role === undefined || !(await mayAssume(deps.roles, role, call, action))) {
        throw accessDenied(service, call, roleArn, action);
      }
    }
  };
