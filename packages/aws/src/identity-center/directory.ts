import {
  GetUserIdCommand,
  IdentitystoreClient,
  IsMemberInGroupsCommand,
} from "@aws-sdk/client-identitystore";
import type { Directory } from "@curfew/core";
import { repeatable } from "../clients.ts";
import { calling, isException } from "../errors.ts";
import type { Connector, Sessions } from "../sessions.ts";

/** `IsMemberInGroups` takes at most this many groups. */
const groupsPerCall = 100;

/** Looking people up is Curfew's own doing, not any person's. */
const names = { name: "curfew-directory", sourceIdentity: "curfew" };

/**
 * The people and groups of one Identity Center.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_GetUserId.html
 */
export const createDirectory = (
  sessions: Sessions,
  connector: Connector,
  identityStoreId: string,
): Directory => {
  const client = new IdentitystoreClient({
    ...repeatable,
    region: connector.region,
    credentials: sessions(connector, names),
  });

  return {
    findPerson: async (email) => {
      const command = new GetUserIdCommand({
        IdentityStoreId: identityStoreId,
        AlternateIdentifier: {
          UniqueAttribute: { AttributePath: "userName", AttributeValue: email },
        },
      });
      try {
        const { UserId } = await calling("Looking up a user", () => client.send(command));
        return UserId === undefined ? undefined : { id: UserId, email };
      } catch (error) {
        if (isException(error, "ResourceNotFoundException")) return undefined;
        throw error;
      }
    },

    groupsOf: async (person, groups) => {
      const found = new Set<string>();
      for (let start = 0; start < groups.length; start += groupsPerCall) {
        const command = new IsMemberInGroupsCommand({
          IdentityStoreId: identityStoreId,
          MemberId: { UserId: person.id },
          GroupIds: groups.slice(start, start + groupsPerCall),
        });
        const { Results = [] } = await calling("Looking up groups", () => client.send(command));
        for (const { GroupId, MembershipExists } of Results)
          if (GroupId !== undefined && MembershipExists === true) found.add(GroupId);
      }
      return found;
    },
  };
};
