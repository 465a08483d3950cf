import * as z from "zod";
import {
  badRequest,
  type GatewayRequest,
  type GatewayResponse,
  json,
  parseJson,
  problem,
  type SandboxRoute,
} from "./http.ts";
import type { Issuer, TokenUser } from "./issuer.ts";

export interface SandboxRoutesDeps {
  issuer: Issuer;
  users: readonly TokenUser[];
  /** What SNS delivered, oldest first. */
  inbox(): readonly unknown[];
  /** Seconds that a token is good for unless its request says otherwise; twelve hours without it. */
  tokenLifetime?: number;
  /** Further routes, by method and path. */
  more?: Readonly<Record<string, SandboxRoute>>;
}

const twelveHours = 12 * 3600;
/** Seconds. */
export const longestToken = 366 * 24 * 3600;

const TokenRequest = z.strictObject({
  /** E-mail address. */
  user: z.string(),
  /** Seconds; negative for a token that has expired. */
  expiresIn: z.number().int().min(-longestToken).max(longestToken).optional(),
});

/**
 * What only the sandbox offers, under `/sandbox`, without a token.
 *
 * @returns the answer to a request below `/sandbox`
 */
export const createSandboxRoutes = (deps: SandboxRoutesDeps): SandboxRoute => {
  const { issuer, users, inbox, tokenLifetime = twelveHours } = deps;
  const token = async ({ body }: GatewayRequest): Promise<GatewayResponse> => {
    const parsed = TokenRequest.safeParse(parseJson(body));
    if (!parsed.success)
      return badRequest(`Send {"user": "<e-mail address>"} as JSON.`, parsed.error);
    const { user, expiresIn = tokenLifetime } = parsed.data;
    const found = users.find(({ email }) => email === user.toLowerCase());
    if (found !== undefined) return json(200, await issuer.sign(found, expiresIn));
    const known = users.map(({ email }) => email).join(", ");
    return problem(
      404,
      "sandbox.unknown-user",
      `There is no user "${user}". The sandbox knows ${known}.`,
    );
  };

  const routes: Record<string, SandboxRoute> = {
    "POST /sandbox/token": token,
    "GET /sandbox/inbox": async () => json(200, { messages: inbox() }),
    ...deps.more,
  };

  return async (request) => {
    const key = `${request.method} ${request.path}`;
    const route = Object.hasOwn(routes, key) ? routes[key] : undefined;
    if (route !== undefined) return route(request);
    const offered = Object.keys(routes).join(", ");
    return problem(404, "sandbox.unknown-route", `There is no ${key}. The sandbox has ${offered}.`);
  };
};
