import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ListAccountAssignmentsCommand, SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { acme, administrator } from "../support/acme.ts";

const hub = "666666666666";
const stateMachineArn = `arn:aws:states:us-east-1:${hub}:stateMachine:curfew-sandbox`;
const accounts = ["222222222222", "333333333333", "444444444444"];
const permissionSets = ["ps-readonly0000000a", "ps-poweruser000000a", "ps-administrator00a"].map(
  (name) => acme.readOnly.replace("ps-readonly0000000a", name),
);

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

/** One assignment: who has what where. */
export interface Assignment {
  account: string;
  permissionSet: string;
  user: string;
}

/** Looks at the sandbox through its AWS endpoint, as an administrator: nothing that Curfew says is believed. */
export const createObserver = (awsUrl: string) => {
  const sso = new SSOAdminClient(administrator(awsUrl));
  const table = DynamoDBDocumentClient.from(new DynamoDBClient(administrator(awsUrl, hub)));
  const scheduler = new SchedulerClient(administrator(awsUrl, hub));
  const states = new SFNClient(administrator(awsUrl, hub));

  const assignmentsOf = async (account: string, permissionSet: string): Promise<Assignment[]> => {
    const { AccountAssignments = [] } = await sso.send(
      new ListAccountAssignmentsCommand({
        InstanceArn: acme.instanceArn,
        AccountId: account,
        PermissionSetArn: permissionSet,
      }),
    );
    return AccountAssignments.map(({ PrincipalId = "" }) => ({
      account,
      permissionSet,
      user: PrincipalId,
    }));
  };

  return {
    has: async ({ account, permissionSet, user }: Assignment): Promise<boolean> =>
      (await assignmentsOf(account, permissionSet)).some((listed) => listed.user === user),

    /** Every assignment of the organisation, as one text. */
    everything: async (): Promise<string> => {
      const pairs = accounts.flatMap((account) =>
        permissionSets.map((permissionSet) => ({ account, permissionSet })),
      );
      const lists = await Promise.all(
        pairs.map(({ account, permissionSet }) => assignmentsOf(account, permissionSet)),
      );
      return JSON.stringify(lists.flat());
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
  };
};
export type Observer = ReturnType<typeof createObserver>;
