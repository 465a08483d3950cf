import * as z from "zod";
import { waitFor } from "./sandbox.ts";

/** A request as the API shows it, as far as the tests look at it. */
const RequestView = z.looseObject({
  id: z.string(),
  status: z.string(),
  createdAt: z.string(),
  activatedAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  sessionsUntil: z.string().nullable(),
  endReason: z.string().nullable(),
  errors: z.array(z.string()),
  approvals: z.array(z.looseObject({ decision: z.string(), by: z.object({ name: z.string() }) })),
  history: z.array(z.looseObject({ id: z.string(), event: z.string(), at: z.string() })),
});
export type RequestView = z.infer<typeof RequestView>;

const Inbox = z.object({
  messages: z.array(
    z.object({
      topic: z.string(),
      at: z.string(),
      attributes: z.record(z.string(), z.string()),
      message: z.looseObject({ id: z.string(), event: z.string() }),
    }),
  ),
});

const Calls = z.object({
  calls: z.array(
    z.object({
      at: z.string(),
      service: z.string(),
      operation: z.string(),
      caller: z.string(),
      outcome: z.string(),
    }),
  ),
});

const Faults = z.object({ faults: z.array(z.object({ hits: z.int() })) });

/** Milliseconds from one moment to another, as the product tells them. */
export const between = (from: string | null | undefined, to: string | null): number =>
  Date.parse(to ?? "") - Date.parse(from ?? "");

/** Milliseconds from the decision to revoke until the access was gone. */
export const revocationTime = ({ history, endedAt }: RequestView): number =>
  between(history.find(({ event }) => event === "request.revoked")?.at, endedAt);

/** What to ask for. */
export interface Wish {
  flow: string;
  target: string;
  duration: string;
}

/** What the API answered. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** Calls the sandbox's API with nothing but HTTP, as a person of Acme. */
export const apiClient = (apiUrl: string) => {
  const tokens = new Map<string, string>();

  const tokenOf = async (name: string, expiresIn?: number): Promise<string> => {
    const answer = await fetch(`${apiUrl}/sandbox/token`, {
      method: "POST",
      body: JSON.stringify({ user: `${name}@acme.example`, expiresIn }),
    });
    return z.object({ token: z.string() }).parse(await answer.json()).token;
  };

  const call = async (
    name: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> => {
    const token = tokens.get(name) ?? (await tokenOf(name));
    tokens.set(name, token);
    return callWith({ authorization: `Bearer ${token}`, ...headers }, method, path, body);
  };

  const callWith = async (
    headers: Record<string, string>,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<ApiAnswer> => {
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === "" ? "" : JSON.parse(text),
    };
  };

  const request = async (name: string, id: string): Promise<RequestView> =>
    RequestView.parse((await call(name, "GET", `/requests/${id}`)).body);

  const askFor = async (name: string, wish: Wish): Promise<RequestView> => {
    const body = { ...wish, reason: "test" };
    return RequestView.parse((await call(name, "POST", "/requests", body)).body);
  };

  return {
    call,
    callWith,
    tokenOf,
    request,
    /** Asks for ReadOnly on staging. */
    ask: (name: string, duration: string): Promise<RequestView> =>
      askFor(name, { flow: "staging-access", target: "staging-readonly", duration }),
    askFor,
    /** Approves, denies, cancels or revokes. */
    act: (name: string, id: string, action: string, message?: string): Promise<ApiAnswer> =>
      call(name, "POST", `/requests/${id}/${action}`, message && { message }),
    /** Waits until the request has a status, and answers it. */
    until: async (
      name: string,
      id: string,
      status: string,
      limit = 15_000,
    ): Promise<RequestView> => {
      let seen = await request(name, id);
      await waitFor(`${id} ${status}`, limit, async () => {
        seen = await request(name, id);
        return seen.status === status;
      }).catch((cause: unknown) => {
        throw new Error(`${String(cause)}; it is ${JSON.stringify(seen)}`, { cause });
      });
      return seen;
    },
    /** Makes something go wrong on the AWS endpoint. */
    fault: async (fault: Record<string, unknown>): Promise<void> => {
      const body = JSON.stringify(fault);
      const answer = await fetch(`${apiUrl}/sandbox/faults`, { method: "POST", body });
      if (answer.status !== 201) throw new Error(await answer.text());
    },
    /** How often each fault has struck; from here on none does. */
    takeFaultsBack: async (): Promise<number[]> => {
      const answer = await fetch(`${apiUrl}/sandbox/faults`);
      await fetch(`${apiUrl}/sandbox/faults`, { method: "DELETE" });
      const { faults } = Faults.parse(await answer.json());
      return faults.map(({ hits }) => hits);
    },
    /** What was called on the AWS endpoint. */
    calls: async () => Calls.parse(await (await fetch(`${apiUrl}/sandbox/calls`)).json()).calls,
    inbox: async () => Inbox.parse(await (await fetch(`${apiUrl}/sandbox/inbox`)).json()).messages,
  };
};
