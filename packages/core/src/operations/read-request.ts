import type { Config } from "../config/schema.ts";
import { CurfewError } from "../errors/curfew-error.ts";
import { RequestId } from "../ids.ts";
import { maySee } from "../policy/see-request.ts";
import { groupsOfStanding, type Standing, standingOf } from "../policy/standing.ts";
import type { Ports } from "../ports/index.ts";
import type { Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";

/** Whether to ask the directory what the requester is besides: an approver, an admin, an auditor. */
interface Lookup {
  requesterToo?: boolean;
}

/**
 * The request, and what the person is to it. The requester's own rights follow from the request alone,
 * so that they hold while the directory is down; a right that also needs a group asks for `requesterToo`.
 *
 * @throws CurfewError `request.not-found` if there is none or the person may not see it: the answer does not tell which
 */
export const readRequestAs = async (
  { requests, directory }: Pick<Ports, "requests" | "directory">,
  config: Config,
  person: Person,
  id: string,
  { requesterToo = false }: Lookup = {},
): Promise<{ request: Request; standing: Standing }> => {
  const request = await findRequest({ requests }, id);
  if (request === undefined) throw notFound(id);
  const isKnown = request.requester.id === person.id && !requesterToo;
  const wanted = isKnown ? [] : groupsOfStanding(config, [request.flow.name]);
  const groups: ReadonlySet<string> =
    wanted.length === 0 ? new Set() : await directory.groupsOf(person, wanted);
  const standing = standingOf(config, request, person, groups);
  if (!maySee(standing)) throw notFound(id);
  return { request, standing };
};

/**
 * The request's requester, if that is whose user name this was when the request was made. For callers
 * while the directory cannot be asked: a directory that is down must keep nobody from releasing access.
 */
export const requesterNamed = async (
  deps: Pick<Ports, "requests">,
  id: string | undefined,
  email: string,
): Promise<Person | undefined> => {
  const requester = id === undefined ? undefined : (await findRequest(deps, id))?.requester;
  return requester?.email === email ? requester : undefined;
};

const findRequest = async (
  { requests }: Pick<Ports, "requests">,
  id: string,
): Promise<Request | undefined> => {
  const parsed = RequestId.safeParse(id);
  return parsed.success ? (await requests.get(parsed.data))?.document : undefined;
};

const notFound = (id: string): CurfewError =>
  new CurfewError("request.not-found", `There is no request ${id}.`);
