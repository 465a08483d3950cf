import { setTimeout } from "node:timers/promises";
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
} from "@aws-sdk/client-eventbridge";
import {
  DeleteGroupCommand,
  DeleteGroupMembershipCommand,
  DeleteUserCommand,
  GetGroupMembershipIdCommand,
  IdentitystoreClient,
} from "@aws-sdk/client-identitystore";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CloseAccountCommand,
  OrganizationsClient,
  RemoveAccountFromOrganizationCommand,
} from "@aws-sdk/client-organizations";
import { SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import {
  DeleteAccountAssignmentCommand,
  DeletePermissionSetCommand,
  SSOAdminClient,
} from "@aws-sdk/client-sso-admin";
import { acme, administrator, identityCenter } from "../support/acme.ts";
import type { SandboxProcess } from "../support/sandbox.ts";
import { hub, prefix, stateMachineArn } from "./hub.ts";
import type { Observer } from "./observer.ts";

/** Calls as often as it takes until the service no longer refuses for a conflict. */
const insist = async (call: () => Promise<unknown>): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call();
      return;
    } catch (error) {
      const isConflict = error instanceof Error && error.name === "ConflictException";
      if (!isConflict || attempt === 50) throw error;
      await setTimeout(100);
    }
  }
};

/** Does what an administrator of the organisation and of its Identity Center may do by hand. */
const createAdministrator = (awsUrl: string) => {
  const as = administrator(awsUrl);
  const sso = new SSOAdminClient(as);
  const store = new IdentitystoreClient(as);
  const organizations = new OrganizationsClient(as);
  const { userId } = identityCenter(awsUrl);
  const idOf = (email: string): Promise<string> => userId(email.split("@")[0] ?? "");
  const { instanceArn: InstanceArn, identityStoreId: IdentityStoreId } = acme;

  return {
    deleteGroup: async (GroupId: string): Promise<void> =>
      void (await store.send(new DeleteGroupCommand({ IdentityStoreId, GroupId }))),
    deleteUser: async (email: string): Promise<void> => {
      const UserId = await idOf(email);
      await store.send(new DeleteUserCommand({ IdentityStoreId, UserId }));
    },
    /** Resolves once nobody is assigned it any more. */
    deletePermissionSet: (PermissionSetArn: string): Promise<void> =>
      insist(() => sso.send(new DeletePermissionSetCommand({ InstanceArn, PermissionSetArn }))),
    closeAccount: async (AccountId: string): Promise<void> =>
      void (await organizations.send(new CloseAccountCommand({ AccountId }))),
    removeAccount: async (AccountId: string): Promise<void> =>
      void (await organizations.send(new RemoveAccountFromOrganizationCommand({ AccountId }))),
    leaveGroup: async (GroupId: string, email: string): Promise<void> => {
      const MemberId = { UserId: await idOf(email) };
      const find = new GetGroupMembershipIdCommand({ IdentityStoreId, GroupId, MemberId });
      const { MembershipId } = await store.send(find);
      await store.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
    },
    /** Resolves once the service has done it. */
    unassign: async (account: string, PermissionSetArn: string, email: string): Promise<void> => {
      const command = new DeleteAccountAssignmentCommand({
        InstanceArn,
        PermissionSetArn,
        PrincipalId: await idOf(email),
        PrincipalType: "USER",
        TargetId: account,
        TargetType: "AWS_ACCOUNT",
      });
      await insist(() => sso.send(command));
      const isAssigned = identityCenter(awsUrl).isAssigned;
      while (await isAssigned(email.split("@")[0] ?? "", account, PermissionSetArn))
        await setTimeout(100);
    },
  };
};

/** Does what an operator of the hub may do by hand, and an administrator of the organisation. */
export const createOperator = (
  { apiUrl, awsUrl }: Pick<SandboxProcess, "apiUrl" | "awsUrl">,
  observer: Observer,
) => {
  const as = administrator(awsUrl, hub);
  const events = new EventBridgeClient(as);
  const lambda = new LambdaClient({ ...as, maxAttempts: 1 });
  const states = new SFNClient(as);

  const runOnce = async (name: string): Promise<boolean> => {
    const command = new InvokeCommand({ FunctionName: `${prefix}${name}`, Payload: "{}" });
    return (await lambda.send(command)).FunctionError === undefined;
  };

  const wait = async (minutes: number): Promise<void> => {
    const until = Date.parse(await observer.now()) + minutes * 60_000;
    while (Date.parse(await observer.now()) < until) await setTimeout(100);
  };

  return {
    ...createAdministrator(awsUrl),

    /** Runs functions that events invoke, one after the other. Retries one that fails once, as Lambda's queue does. */
    run: async (...functions: readonly string[]): Promise<void> => {
      for (const name of functions)
        if (!(await runOnce(name)) && !(await runOnce(name)))
          throw new Error(`${name} failed twice.`);
    },

    stopExecution: async (id: string): Promise<void> => {
      const executionArn = `${stateMachineArn.replace("stateMachine", "execution")}:${id}.0`;
      await states.send(new StopExecutionCommand({ executionArn }));
    },

    /** Waits for so many minutes of the sandbox's time. */
    wait,

    /** Keeps time from being skipped for so many milliseconds. */
    hold: async (milliseconds: number): Promise<void> => {
      const body = JSON.stringify({ hold: milliseconds });
      const answer = await fetch(`${apiUrl}/sandbox/clock`, { method: "POST", body });
      if (!answer.ok) throw new Error(`POST clock: ${await answer.text()}`);
    },

    /** Does the work while rules are disabled, after the end of the invocations that they started before. */
    without: async <T>(rules: readonly string[], work: () => Promise<T>): Promise<T> => {
      const names = rules.map((rule) => `${prefix}${rule}`);
      try {
        for (const Name of names) await events.send(new DisableRuleCommand({ Name }));
        // The sandbox skips time only when no invocation is running.
        await wait(1);
        return await work();
      } finally {
        for (const Name of names) await events.send(new EnableRuleCommand({ Name }));
      }
    },
  };
};
export type Operator = ReturnType<typeof createOperator>;
