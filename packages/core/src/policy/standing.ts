import { type Config, flowNamed } from "../config/schema.ts";
import type { Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";

/** What somebody is to a request; every right follows from it. */
export interface Standing {
  requester: boolean;
  /** Of the request's flow, as it is configured now. */
  approver: boolean;
  admin: boolean;
  auditor: boolean;
}

/** The groups whose members somebody must be looked up in to know what that person is to a request. */
export const groupsOfStanding = (config: Config, { flow }: Request): string[] => {
  const { approvers, admins, auditors } = rulesOf(config, flow.name);
  return [...new Set([...approvers, ...admins, ...auditors])];
};

/** What a person is to a request, given the ids of the groups that the person is in. */
export const standingOf = (
  config: Config,
  request: Request,
  person: Person,
  groups: ReadonlySet<string>,
): Standing => {
  const { approvers, admins, auditors } = rulesOf(config, request.flow.name);
  const isIn = (wanted: readonly string[]): boolean => wanted.some((group) => groups.has(group));
  return {
    requester: request.requester.id === person.id,
    approver: isIn(approvers),
    admin: isIn(admins),
    auditor: isIn(auditors),
  };
};

const rulesOf = (config: Config, flow: string) => ({
  approvers: flowNamed(config, flow)?.approvers?.groups ?? [],
  admins: config.admins?.groups ?? [],
  auditors: config.auditors?.groups ?? [],
});
