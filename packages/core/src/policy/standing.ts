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

/** The groups whose members somebody must be looked up in to know what that person is to requests of these flows. */
export const groupsOfStanding = (config: Config, flows: readonly string[]): string[] => {
  const groups = ["", ...flows].flatMap((flow) => Object.values(rulesOf(config, flow)).flat());
  return [...new Set(groups)];
};

/** What a person is to a request, given the ids of the groups that the person is in. */
export const standingOf = (
  config: Config,
  { requester, flow }: Pick<Request, "requester" | "flow">,
  person: Person,
  groups: ReadonlySet<string>,
): Standing => ({
  requester: requester.id === person.id,
  ...standingTowards(config, flow.name, groups),
});

/** What somebody in these groups is to the requests of a flow that others make. */
export const standingTowards = (
  config: Config,
  flow: string,
  groups: ReadonlySet<string>,
): Omit<Standing, "requester"> => {
  const { approvers, admins, auditors } = rulesOf(config, flow);
  const isIn = (wanted: readonly string[]): boolean => wanted.some((group) => groups.has(group));
  return { approver: isIn(approvers), admin: isIn(admins), auditor: isIn(auditors) };
};

const rulesOf = (config: Config, flow: string) => ({
  approvers: flowNamed(config, flow)?.approvers?.groups ?? [],
  admins: config.admins?.groups ?? [],
  auditors: config.auditors?.groups ?? [],
});
