import { type Config, flowNamed } from "../config/schema.ts";
import type { Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";

/** What somebody is to a request. */
export interface Standing {
  requester: boolean;
  approver: boolean;
}

/** What a person is to a request, given the ids of the groups that the person is in. The flow as it is configured now says who approves. */
export const standingOf = (
  config: Config,
  request: Request,
  person: Person,
  groups: ReadonlySet<string>,
): Standing => {
  const approvers = flowNamed(config, request.flow.name)?.approval?.by.groups ?? [];
  return {
    requester: request.requester.id === person.id,
    approver: approvers.some((group) => groups.has(group)),
  };
};

/** Whether a person may see the request: to everybody else it does not exist. */
export const maySee = ({ requester, approver }: Standing): boolean => requester || approver;
