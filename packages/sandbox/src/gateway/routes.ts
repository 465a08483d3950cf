import type { ApiRoute } from "../deployment.ts";

/** A route that fits a request, with the values of its path variables. */
export interface RouteMatch {
  route: ApiRoute;
  parameters: Record<string, string>;
}

type Matcher = (method: string, segments: readonly string[]) => RouteMatch | undefined;

interface Candidate {
  match: Matcher;
  /** Lower is asked first. */
  rank: number;
}

const anything = Number.POSITIVE_INFINITY;

const isVariable = (part: string): boolean => part.startsWith("{");
const isGreedy = (part: string): boolean => part.endsWith("+}");
const nameOf = (part: string): string => part.replace(/[{}+]/g, "");

const candidateOf = (route: ApiRoute): Candidate => {
  if (route.key === "$default") return { rank: anything, match: () => ({ route, parameters: {} }) };
  const [expectedMethod = "", path = ""] = route.key.split(" ", 2);
  const parts = path.split("/").slice(1);

  const match: Matcher = (method, segments) => {
    if (expectedMethod !== "ANY" && expectedMethod !== method) return undefined;
    const parameters: Record<string, string> = {};
    for (const [index, part] of parts.entries()) {
      const segment = segments[index];
      if (segment === undefined || segment === "") {
        if (part !== segment) return undefined;
      } else if (isGreedy(part)) {
        parameters[nameOf(part)] = segments.slice(index).join("/");
        return { route, parameters };
      } else if (isVariable(part)) parameters[nameOf(part)] = segment;
      else if (part !== segment) return undefined;
    }
    return segments.length === parts.length ? { route, parameters } : undefined;
  };
  const greedy = parts.some(isGreedy) ? 10_000 : 0;
  const variables = parts.filter(isVariable).length * 10;
  return { match, rank: greedy + variables + (expectedMethod === "ANY" ? 1 : 0) };
};

/**
 * Chooses the route of a request as API Gateway does: a full match before a greedy one before
 * `$default`; the more of the path is spelled out, the better.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 *
 * @returns a function of the method and the decoded segments of the path
 */
export const createRouter = (routes: readonly ApiRoute[]): Matcher => {
  const candidates = routes.map(candidateOf).sort((a, b) => a.rank - b.rank);
  return (method, segments) => {
    for (const { match } of candidates) {
      const found = match(method, segments);
      if (found !== undefined) return found;
    }
    return undefined;
  };
};
