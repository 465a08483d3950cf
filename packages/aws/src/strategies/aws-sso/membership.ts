import {
  CreateGroupMembershipCommand,
  DeleteGroupMembershipCommand,
  DescribeGroupMembershipCommand,
  GetGroupMembershipIdCommand,
} from "@aws-sdk/client-identitystore";
import type { Access } from "@curfew/core";
import { once, repeatable } from "../../clients.ts";
import { calling, isConflict, isException } from "../../errors.ts";
import type { Sessions } from "../../sessions.ts";
import type { IdentityCenterClients } from "./clients.ts";
import { GroupSettings, IdentityCenterSettings } from "./definition.ts";

/** What the identity store says about a membership's id. */
export interface MembershipDescription {
  exists: boolean;
  /** Milliseconds since the epoch, where the identity store says so. */
  createdAt?: number;
}

/** One person's membership of one group, and the calls that concern it. To be disposed of. */
export interface Membership extends Disposable {
  /** Opens the connector's session, or renews it in time. To be done before the attempt is asked whether it may change anything: STS may take longer than the lock lasts then. */
  signIn(): Promise<void>;
  /** The membership's id; undefined when the person is not a member. */
  find(): Promise<string | undefined>;
  describe(id: string): Promise<MembershipDescription>;
  /** The new membership's id; undefined when the person is a member already. */
  create(): Promise<string | undefined>;
  /** Deletes a membership; that there is none any more is success. */
  delete(id: string): Promise<void>;
}

/**
 * The membership that an access stands for, through a session of the connector.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroupMembership.html
 */
export const membershipOf = (
  sessions: Sessions,
  clients: IdentityCenterClients,
  access: Access,
): Membership => {
  const { integration, target, person, session } = access;
  const { identity_store_id } = IdentityCenterSettings.parse(integration.settings);
  const { group_id } = GroupSettings.parse(target.settings);
  const credentials = sessions(integration, session);
  const { region } = integration;
  const reading = clients.identityStore({ ...repeatable, region, credentials });
  const changing = clients.identityStore({ ...once, region, credentials });
  const membership = {
    IdentityStoreId: identity_store_id,
    GroupId: group_id,
    MemberId: { UserId: person.id },
  };

  return {
    // Each client has sockets of its own, which outlive a warm function's request otherwise.
    [Symbol.dispose]: () => {
      reading.destroy();
      changing.destroy();
    },

    signIn: async () => void (await credentials()),

    find: async () => {
      const command = new GetGroupMembershipIdCommand(membership);
      try {
        const answer = await calling("Looking up a membership", () => reading.send(command));
        return answer.MembershipId;
      } catch (error) {
        if (isException(error, "ResourceNotFoundException")) return undefined;
        throw error;
      }
    },

    describe: async (id) => {
      const command = new DescribeGroupMembershipCommand({
        IdentityStoreId: identity_store_id,
        MembershipId: id,
      });
      try {
        const { CreatedAt } = await calling("Describing a membership", () => reading.send(command));
        return { exists: true, ...(CreatedAt && { createdAt: CreatedAt.getTime() }) };
      } catch (error) {
        if (isException(error, "ResourceNotFoundException")) return { exists: false };
        // A connector of an earlier version does not allow the call.
        if (isException(error, "AccessDeniedException")) return { exists: true };
        throw error;
      }
    },

    create: async () => {
      const command = new CreateGroupMembershipCommand(membership);
      try {
        const answer = await calling("Creating a membership", () => changing.send(command));
        return answer.MembershipId;
      } catch (error) {
        if (isConflict(error, "UNIQUENESS_CONSTRAINT_VIOLATION")) return undefined;
        throw error;
      }
    },

    delete: async (id) => {
      const command = new DeleteGroupMembershipCommand({
        IdentityStoreId: identity_store_id,
        MembershipId: id,
      });
      try {
        await calling("Deleting a membership", () => changing.send(command));
      } catch (error) {
        if (!isException(error, "ResourceNotFoundException")) throw error;
      }
    },
  };
};
