import {
  type AccountAssignmentOperationStatus,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  paginateListAccountAssignmentCreationStatus,
  paginateListAccountAssignments,
  type StatusValues,
} from "@aws-sdk/client-sso-admin";
import type { Access } from "@curfew/core";
import { once, type repeatable } from "../../clients.ts";
import { calling, isException } from "../../errors.ts";
import type { Sessions } from "../../sessions.ts";
import type { IdentityCenterClients } from "./clients.ts";
import { IdentityCenterSettings, PermissionSetSettings } from "./definition.ts";

/** How an operation of Identity Center is doing. `unknown`: the service does not remember it any more. */
export interface OperationStatus {
  id: string;
  state: "in-progress" | "succeeded" | "failed" | "unknown";
  reason?: string;
}

/** A creation in Identity Center's own record, which it keeps for some days. */
export interface Creation {
  id: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/**
 * One person's assignment to one permission set in one account, and the calls that concern it. To be
 * disposed of.
 */
export interface Assignment extends Disposable {
  /** Opens the connector's session, or renews it in time. To be done before the attempt is asked whether it may change anything: STS may take longer than the lock lasts then. */
  signIn(): Promise<void>;
  /** Whether the service lists it. */
  isListed(): Promise<boolean>;
  create(): Promise<OperationStatus>;
  creation(id: string): Promise<OperationStatus>;
  /** All creations of the instance with that status, of any assignment. */
  creations(status: StatusValues): Promise<Creation[]>;
  /** Whether a creation is one of this assignment. */
  isCreatedBy(id: string): Promise<boolean>;
  /** Undefined when the service says that there is nothing to delete. */
  delete(): Promise<OperationStatus | undefined>;
  deletion(id: string): Promise<OperationStatus>;
}

/**
 * The assignment that an access stands for, through a session of the connector.
 *
 * @param attempts how often a look is tried at the HTTP level; what gives access tries once and waits, and leaves the calls to what takes it away
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateAccountAssignment.html
 */
export const assignmentOf = (
  sessions: Sessions,
  clients: IdentityCenterClients,
  access: Access,
  attempts: typeof once | typeof repeatable,
): Assignment => {
  const { integration, target, person, session } = access;
  const { instance_arn: InstanceArn } = IdentityCenterSettings.parse(integration.settings);
  const settings = PermissionSetSettings.parse(target.settings);
  const { account_id: TargetId, permission_set_arn: PermissionSetArn } = settings;
  const credentials = sessions(integration, session);
  const reading = clients.ssoAdmin({ ...attempts, region: integration.region, credentials });
  const changing = clients.ssoAdmin({ ...once, region: integration.region, credentials });
  const described = {
    InstanceArn,
    TargetId,
    TargetType: "AWS_ACCOUNT",
    PermissionSetArn,
    PrincipalType: "USER",
    PrincipalId: person.id,
  } as const;

  const describeCreation = async (id: string): Promise<AccountAssignmentOperationStatus> => {
    const command = new DescribeAccountAssignmentCreationStatusCommand({
      InstanceArn,
      AccountAssignmentCreationRequestId: id,
    });
    const answer = await calling("Describing a creation", () => reading.send(command));
    return answer.AccountAssignmentCreationStatus ?? {};
  };

  return {
    // Each client has sockets of its own, which outlive a warm function's request otherwise.
    [Symbol.dispose]: () => {
      reading.destroy();
      changing.destroy();
    },

    signIn: async () => void (await credentials()),

    isListed: async () => {
      const pages = paginateListAccountAssignments(
        { client: reading },
        { InstanceArn, AccountId: TargetId, PermissionSetArn },
      );
      const list = async (): Promise<boolean> => {
        for await (const { AccountAssignments = [] } of pages)
          if (AccountAssignments.some((listed) => isOf(listed, person.id))) return true;
        return false;
      };
      return unlessAbsent(calling("Listing assignments", list), false);
    },

    create: async () => {
      const command = new CreateAccountAssignmentCommand(described);
      const answer = await calling("Creating an assignment", () => changing.send(command));
      return statusOf(answer.AccountAssignmentCreationStatus);
    },

    creation: (id) => unlessAbsent(describeCreation(id).then(statusOf), { id, state: "unknown" }),

    creations: async (Status) => {
      const pages = paginateListAccountAssignmentCreationStatus(
        { client: reading },
        { InstanceArn, Filter: { Status } },
      );
      const list = async (): Promise<Creation[]> => {
        const creations: Creation[] = [];
        for await (const { AccountAssignmentsCreationStatus = [] } of pages)
          for (const { RequestId: id, CreatedDate } of AccountAssignmentsCreationStatus)
            if (id !== undefined) creations.push({ id, createdAt: CreatedDate?.getTime() ?? 0 });
        return creations;
      };
      return calling("Listing creations", list);
    },

    isCreatedBy: async (id) => {
      const nothing: AccountAssignmentOperationStatus = {};
      const creation = await unlessAbsent(describeCreation(id), nothing);
      return (
        creation.TargetId === TargetId &&
        creation.PermissionSetArn === PermissionSetArn &&
        isOf(creation, person.id)
      );
    },

    delete: async () => {
      const command = new DeleteAccountAssignmentCommand(described);
      const answer = await unlessAbsent(
        calling("Deleting an assignment", () => changing.send(command)),
        undefined,
      );
      return answer && statusOf(answer.AccountAssignmentDeletionStatus);
    },

    deletion: async (id) => {
      const command = new DescribeAccountAssignmentDeletionStatusCommand({
        InstanceArn,
        AccountAssignmentDeletionRequestId: id,
      });
      const describe = async (): Promise<OperationStatus> => {
        const answer = await calling("Describing a deletion", () => reading.send(command));
        return statusOf(answer.AccountAssignmentDeletionStatus);
      };
      return unlessAbsent(describe(), { id, state: "unknown" });
    },
  };
};

const isOf = (
  listed: { PrincipalType?: string | undefined; PrincipalId?: string | undefined },
  user: string,
): boolean => listed.PrincipalType === "USER" && listed.PrincipalId === user;

/** What the service says does not exist (assignment, permission set, account) is absent; every other refusal is an error. */
const unlessAbsent = async <T, A>(answer: Promise<T>, absent: A): Promise<T | A> => {
  try {
    return await answer;
  } catch (error) {
    if (isException(error, "ResourceNotFoundException")) return absent;
    throw error;
  }
};

const states = { IN_PROGRESS: "in-progress", SUCCEEDED: "succeeded", FAILED: "failed" } as const;

const statusOf = (status: AccountAssignmentOperationStatus | undefined): OperationStatus => {
  if (status?.RequestId === undefined || status.Status === undefined)
    throw new Error("Identity Center answered without the status of the operation.");
  return {
    id: status.RequestId,
    state: states[status.Status],
    ...(status.FailureReason === undefined ? {} : { reason: status.FailureReason }),
  };
};
