import { type Config, flowNamed } from "../config/schema.ts";
import { CurfewError } from "../errors/curfew-error.ts";
import { RequestId } from "../ids.ts";
import { groupsOfRequesters, mayAsk } from "../policy/decide-request.ts";
import {
  isListed,
  newestOf,
  type RequestFilter,
  type Source,
  seesAllOf,
  sourcesOf,
  type Viewer,
} from "../policy/list-requests.ts";
import { groupsOfStanding } from "../policy/standing.ts";
import type { Ports } from "../ports/index.ts";
import type { Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";

/** Which page of which requests somebody wants to see. */
export interface RequestQuery extends Omit<RequestFilter, "requester"> {
  /** Who asked: an e-mail address, or, for somebody who has left, the user id. */
  requester?: string | undefined;
  /** Where the page begins: only requests older than this one. */
  before?: RequestId | undefined;
  /** How many at most. */
  limit: number;
}

/** One page of requests, newest first. */
export interface RequestPage {
  requests: Request[];
  /** To go on from, as `before`; absent on the last page. */
  before?: RequestId;
}

type Deps = Pick<Ports, "requests" | "directory">;

/** How many requests one call reads at most, when a filter leaves few of them: then the page is short, and the next one goes on. */
const mostRead = 1_000;

/**
 * The requests that a person may see: the person's own, those of flows that the person decides on, and for admins and auditors all. Requests that are made meanwhile
 * are newer than any page that has been read: following pages neither shift nor repeat.
 *
 * @throws CurfewError `parameter.invalid` for a requester or a flow that there is not, as far as the person may know
 */
export const listRequests = async (
  deps: Deps,
  config: Config,
  person: Person,
  query: RequestQuery,
): Promise<RequestPage> => {
  const filter = { ...query, requester: await requesterId(deps, query.requester) };
  const viewer = await viewerOf(deps, config, person, query.flow);
  const page = await readPage(deps, sourcesOf(config, viewer, filter), query, (request) =>
    isListed(config, viewer, filter, request),
  );
  const { flow } = query;
  const isEmpty = page.requests.length === 0 && query.before === undefined;
  if (isEmpty && flow !== undefined && !knowsOf(config, viewer, flow))
    throw invalid("flow", `There is no flow ${flow}.`);
  return page;
};

const requesterId = async (
  { directory }: Deps,
  requester: string | undefined,
): Promise<string | undefined> => {
  if (requester === undefined || !requester.includes("@")) return requester;
  const person = await directory.findPerson(requester);
  if (person === undefined)
    throw invalid(
      "requester",
      `There is no user ${requester} in the directory; somebody who has left is found by the user id.`,
    );
  return person.id;
};

const viewerOf = async (
  { directory }: Deps,
  config: Config,
  person: Person,
  flow: string | undefined,
): Promise<Viewer> => {
  const rules = flow === undefined ? undefined : flowNamed(config, flow);
  const wanted = [
    ...groupsOfStanding(config, Object.keys(config.flows)),
    ...(rules === undefined ? [] : groupsOfRequesters(rules)),
  ];
  return { person, groups: await directory.groupsOf(person, [...new Set(wanted)]) };
};

/** Whether the viewer may know that the flow exists. One that was configured once is known from its requests. */
const knowsOf = (config: Config, viewer: Viewer, name: string): boolean => {
  const flow = flowNamed(config, name);
  return flow !== undefined && (mayAsk(flow, viewer.groups) || seesAllOf(config, viewer, name));
};

const readPage = async (
  { requests }: Pick<Deps, "requests">,
  sources: readonly Source[],
  { before: start, limit }: Pick<RequestQuery, "before" | "limit">,
  isWanted: (request: Request) => boolean,
): Promise<RequestPage> => {
  // One more than asked for tells whether another page follows.
  const chunk = limit + 1;
  const found: Request[] = [];
  let before: string | undefined = start;
  for (let read = 0; read < mostRead; read += chunk) {
    const lists = await Promise.all(
      sources.map((source) => requests.listBy({ ...source, before, limit: chunk })),
    );
    const ids = newestOf(lists, chunk);
    const stored = await Promise.all(ids.map((id) => requests.get(id)));
    // An index lags behind: what a request has become since counts.
    found.push(...stored.flatMap((one) => one?.document ?? []).filter(isWanted));
    if (found.length > limit) return pageTo(found.slice(0, limit));
    if (ids.length < chunk) return { requests: found };
    before = ids.at(-1);
  }
  return { requests: found, ...(before === undefined ? {} : { before: RequestId.parse(before) }) };
};

const pageTo = (requests: Request[]): RequestPage => {
  const last = requests.at(-1);
  return { requests, ...(last === undefined ? {} : { before: last.id }) };
};

const invalid = (path: string, message: string): CurfewError =>
  new CurfewError("parameter.invalid", message, { problems: [{ path, message }] });
