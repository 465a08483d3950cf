import type { Config } from "../config/schema.ts";
import type { RequestIndex } from "../ports/kinds.ts";
import type { Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import type { RequestStatus } from "../request/status.ts";
import { maySee } from "./see-request.ts";
import { standingOf, standingTowards } from "./standing.ts";

/** Which requests somebody wants to see. */
export interface RequestFilter {
  status?: RequestStatus | undefined;
  /** Id of the person who asked. */
  requester?: string | undefined;
  flow?: string | undefined;
}

/** Who looks: the person, and those groups of the rules that the person is in. */
export interface Viewer {
  person: Person;
  groups: ReadonlySet<string>;
}

/** One partition of one of the requests' indexes. */
export interface Source {
  index: RequestIndex;
  partition: string;
}

/**
 * Where all requests lie that the viewer may see and the filter lets through, in as few partitions as possible. They may hold others, too: each
 * request has yet to pass {@link isListed}.
 */
export const sourcesOf = (config: Config, viewer: Viewer, filter: RequestFilter): Source[] => {
  const { status } = filter;
  const byRequester = (id: string): Source =>
    status === undefined
      ? { index: "requester", partition: id }
      : { index: "requesterStatus", partition: `${id}#${status}` };
  const byFlow = (flow: string): Source =>
    status === undefined
      ? { index: "flow", partition: flow }
      : { index: "flowStatus", partition: `${flow}#${status}` };

  if (filter.requester !== undefined) return [byRequester(filter.requester)];
  if (filter.flow !== undefined)
    return seesAllOf(config, viewer, filter.flow)
      ? [byFlow(filter.flow)]
      : [byRequester(viewer.person.id)];
  // Of no flow in particular: those who see everything.
  if (seesAllOf(config, viewer, ""))
    return status === undefined
      ? [{ index: "all", partition: "" }]
      : [{ index: "status", partition: status }];
  const decided = Object.keys(config.flows).filter((flow) => seesAllOf(config, viewer, flow));
  return [byRequester(viewer.person.id), ...decided.map(byFlow)];
};

/** Whether somebody may see the requests of a flow whoever made them. */
export const seesAllOf = (config: Config, { groups }: Viewer, flow: string): boolean =>
  maySee({ requester: false, ...standingTowards(config, flow, groups) });

/** Whether the request passes the filter and may be seen. */
export const isListed = (
  config: Config,
  { person, groups }: Viewer,
  { status, requester, flow }: RequestFilter,
  request: Request,
): boolean =>
  (status === undefined || request.status === status) &&
  (requester === undefined || request.requester.id === requester) &&
  (flow === undefined || request.flow.name === flow) &&
  maySee(standingOf(config, request, person, groups));

/**
 * The newest ids of several lists, newest first and each once: at most `count`. Right if each list holds the newest of its source, and at least `count` of
 * them unless the source has no more.
 */
export const newestOf = (lists: readonly (readonly string[])[], count: number): string[] =>
  [...new Set(lists.flat())].sort((a, b) => (a > b ? -1 : 1)).slice(0, count);
