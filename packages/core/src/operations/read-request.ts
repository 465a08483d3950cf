import type { Config } from "../config/schema.ts";
import { CurfewError } from "../errors/curfew-error.ts";
import { RequestId } from "../ids.ts";
import { maySee } from "../policy/see-request.ts";
import { groupsOfStanding, type Standing, standingOf } from "../policy/standing.ts";
import type { Ports } from "../ports/index.ts";
import type { Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";

/**
 * The request, and what the person is to it.
 *
 * @throws CurfewError `request.not-found` if there is none or the person may not see it: the answer does not tell which
 */
export const readRequestAs = async (
  { requests, directory }: Pick<Ports, "requests" | "directory">,
  config: Config,
  person: Person,
  id: string,
): Promise<{ request: Request; standing: Standing }> => {
  const notFound = new CurfewError("request.not-found", `There is no request ${id}.`);
  const parsed = RequestId.safeParse(id);
  const stored = parsed.success ? await requests.get(parsed.data) : undefined;
  if (stored === undefined) throw notFound;
  const request = stored.document;
  const groups = await directory.groupsOf(person, groupsOfStanding(config, [request.flow.name]));
  const standing = standingOf(config, request, person, groups);
  if (!maySee(standing)) throw notFound;
  return { request, standing };
};
