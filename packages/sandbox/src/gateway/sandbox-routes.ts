import * as z from "zod";
import { type GatewayRequest, type GatewayResponse, json, problem } from "./http.ts";
import type { Issuer, TokenUser } from "./issuer.ts";

export interface SandboxRoutesDeps {
  issuer: Issuer;
  users: readonly TokenUser[];
  /** What SNS delivered, oldest first. */
  inbox(): readonly unknown[];
  /** The AWS endpoint's last calls, oldest first. */
  calls(): readonly unknown[];
}

const twelveHours = 12 * 3600;
const year = 366 * 24 * 3600;

const TokenRequest = z.strictObject({
  /** E-mail address. */
  user: z.string(),
  /** Seconds; negative for a token that has expired. */
  expiresIn: z.number().int().min(-year).max(year).default(twelveHours),
});

const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return undefined;
  }
};

/**
 * What only the sandbox offers, under `/sandbox`, without a token.
 *
 * @returns the answer to a request below `/sandbox`
 */
export const createSandboxRoutes = ({ issuer, users, inbox, calls }: SandboxRoutesDeps) => {
  const token = async ({ body }: GatewayRequest): Promise<GatewayResponse> => {
    const parsed = TokenRequest.safeParse(parseJson(body));
    if (!parsed.success)
      return problem(400, "sandbox.bad-request", `Send {"user": "<e-mail address>"} as JSON.`, {
        errors: parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
      });
    const { user, expiresIn } = parsed.data;
    const found = users.find(({ email }) => email === user.toLowerCase());
    if (found !== undefined) return json(200, await issuer.sign(found, expiresIn));
    const known = users.map(({ email }) => email).join(", ");
    return problem(
      404,
      "sandbox.unknown-user",
      `There is no user "${user}". The sandbox knows ${known}.`,
    );
  };

  const routes: Record<string, (request: GatewayRequest) => Promise<GatewayResponse>> = {
    "POST /sandbox/token": token,
    "GET /sandbox/inbox": async () => json(200, { messages: inbox() }),
    "GET /sandbox/calls": async () => json(200, { calls: calls() }),
  };

  return async (request: GatewayRequest): Promise<GatewayResponse> => {
    const key = `${request.method} ${request.path}`;
    const route = Object.hasOwn(routes, key) ? routes[key] : undefined;
    if (route !== undefined) return route(request);
    const offered = Object.keys(routes).join(", ");
    return problem(404, "sandbox.unknown-route", `There is no ${key}. The sandbox has ${offered}.`);
  };
};
