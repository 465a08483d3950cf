import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IdentitystoreClient, ListUsersCommand } from "@aws-sdk/client-identitystore";
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { acme, administrator } from "../support/acme.ts";
import type { SandboxProcess } from "../support/sandbox.ts";
import { hub, stateMachineArn } from "./hub.ts";
import { allThings, type Eyes, type Thing } from "./things.ts";

/** A stored request, as far as the matrix looks at it. */
const StoredRequest = z.looseObject({
  status: z.string(),
  expiresAt: z.string().optional(),
  endedAt: z.string().optional(),
  endRequested: z.looseObject({ at: z.string() }).optional(),
  errors: z.array(z.string()),
  published: z.number(),
  history: z.array(z.looseObject({ event: z.string(), at: z.string() })),
});
export type StoredRequest = z.infer<typeof StoredRequest>;

const Invocations = z.object({
  invocations: z.array(
    z.object({
      payload: z.looseObject({
        event: z.looseObject({ type: z.string() }),
        run: z.looseObject({
          actors: z.looseObject({ request: z.looseObject({ username: z.string() }) }),
        }),
      }),
    }),
  ),
});

const Calls = z.object({
  calls: z.array(
    z.looseObject({
      function: z.string().optional(),
      service: z.string(),
      operation: z.string(),
      outcome: z.string(),
    }),
  ),
});
/** A call of the AWS endpoint. */
export type Call = z.infer<typeof Calls>["calls"][number];

/** Looks at the sandbox through its AWS endpoint, as an administrator, and at what its own routes recorded: nothing that Curfew says is believed. */
export const createObserver = ({ apiUrl, awsUrl }: Pick<SandboxProcess, "apiUrl" | "awsUrl">) => {
  const table = DynamoDBDocumentClient.from(new DynamoDBClient(administrator(awsUrl, hub)));
  const scheduler = new SchedulerClient(administrator(awsUrl, hub));
  const states = new SFNClient(administrator(awsUrl, hub));
  const store = new IdentitystoreClient(administrator(awsUrl));

  const own = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${apiUrl}/sandbox/${path}`);
    if (!answer.ok) throw new Error(`GET ${path}: ${await answer.text()}`);
    return answer.json();
  };

  let users: Promise<Map<string, string>> | undefined;
  const readUsers = async (): Promise<Map<string, string>> => {
    const command = new ListUsersCommand({ IdentityStoreId: acme.identityStoreId });
    const { Users = [] } = await store.send(command);
    return new Map(Users.map(({ UserId = "", UserName = "" }) => [UserId, UserName]));
  };

  const eyes: Eyes = {
    sso: new SSOAdminClient(administrator(awsUrl)),
    store,
    invocations: async (name) => {
      const { invocations } = Invocations.parse(await own(`invocations?function=${name}`));
      return invocations.map(({ payload: { event, run } }) => ({
        type: event.type,
        username: run.actors.request.username,
      }));
    },
    emailOf: async (userId) => {
      users ??= readUsers();
      return (await users).get(userId) ?? userId;
    },
  };

  return {
    has: async (thing: Thing, email: string): Promise<boolean> =>
      (await thing.holders(eyes)).some((holder) => holder.email === email),

    /**
     * Who has what in the whole organisation, as one text; without a thing and a person that are
     * left out.
     */
    everything: async (out?: { thing: Thing; email: string }): Promise<string> => {
      const things = allThings.filter(({ name }) => name !== out?.thing.name);
      const lists = things.map(async (thing) => {
        const holders = await thing.holders(eyes);
        return [thing.name, holders.filter(({ email }) => email !== out?.email)];
      });
      return JSON.stringify(await Promise.all(lists));
    },

    request: async (id: string): Promise<StoredRequest> => {
      const key = { pk: `request#${id}` };
      const command = new GetCommand({ TableName: "curfew-sandbox", Key: key });
      const { Item } = await table.send(command);
      return StoredRequest.parse(JSON.parse(z.string().parse(Item?.document)));
    },

    /** Whether a schedule or a running execution will still end the access of a request. */
    isEndOutstanding: async (id: string): Promise<boolean> => {
      const schedules = await scheduler.send(
        new ListSchedulesCommand({ GroupName: "curfew-sandbox", NamePrefix: id }),
      );
      if ((schedules.Schedules ?? []).some(({ State }) => State === "ENABLED")) return true;
      const list = new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" });
      const running = (await states.send(list)).executions ?? [];
      return running.some(({ name = "" }) => name.startsWith(id));
    },

    /** The sandbox's time, ISO 8601. */
    now: async (): Promise<string> => z.object({ now: z.string() }).parse(await own("clock")).now,

    /** The calls of the AWS endpoint since then, oldest first. */
    callsSince: async (since: string): Promise<Call[]> =>
      Calls.parse(await own(`calls?since=${encodeURIComponent(since)}`)).calls,
  };
};
export type Observer = ReturnType<typeof createObserver>;
