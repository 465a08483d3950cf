import {
  GetUserIdCommand,
  IdentitystoreClient,
  IsMemberInGroupsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-identitystore";
import type { Directory, Log } from "@curfew/core";
import { repeatable } from "../clients.ts";
import { calling } from "../errors.ts";
import type { Connector, Sessions } from "../sessions.ts";
import { within } from "../within.ts";
import { createMissingGroups } from "./missing-groups.ts";

/** `IsMemberInGroups` takes at most this many groups. */
const groupsPerCall = 100;

/** How long looking a person or somebody's groups up may take in all, in milliseconds: people wait for it. */
const patience = 5_000;

/** Looking people up is Curfew's own doing, not any person's. */
const names = { name: "curfew-directory", sourceIdentity: "curfew" };

/**
 * The people and groups of one Identity Center. A group that does not exist has no members, and is
 * logged as an error at most every few minutes; a user who does not exist is a member of no group.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_IsMemberInGroups.html
 */
export const createDirectory = (
  sessions: Sessions,
  connector: Connector,
  identityStoreId: string,
  log: Log,
): Directory => {
  const client = new IdentitystoreClient({
    ...repeatable,
    region: connector.region,
    credentials: sessions(connector, names),
  });
  const missing = createMissingGroups(log);

  /** At most {@link groupsPerCall} groups. A call fails as a whole if one of its groups is missing: halving finds that one. */
  const membershipsIn = async (
    userId: string,
    groups: readonly string[],
    abortSignal: AbortSignal,
  ): Promise<string[]> => {
    const [first] = groups;
    if (first === undefined) return [];
    const command = new IsMemberInGroupsCommand({
      IdentityStoreId: identityStoreId,
      MemberId: { UserId: userId },
      GroupIds: [...groups],
    });
    try {
      const { Results = [] } = await calling("Looking up groups", () =>
        client.send(command, { abortSignal }),
      );
      return Results.flatMap(({ GroupId, MembershipExists }) =>
        GroupId !== undefined && MembershipExists === true ? [GroupId] : [],
      );
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      if (error.ResourceType === "USER") return [];
      if (error.ResourceType === "IDENTITY_STORE") throw error;
      if (groups.length === 1) {
        missing.add(first, error.ResourceType === "GROUP");
        return [];
      }
    }
    const middle = Math.ceil(groups.length / 2);
    return [
      ...(await membershipsIn(userId, groups.slice(0, middle), abortSignal)),
      ...(await membershipsIn(userId, groups.slice(middle), abortSignal)),
    ];
  };

  return {
    findPerson: async (email) => {
      const command = new GetUserIdCommand({
        IdentityStoreId: identityStoreId,
        AlternateIdentifier: {
          UniqueAttribute: { AttributePath: "userName", AttributeValue: email },
        },
      });
      try {
        const what = "Looking up a user";
        const { UserId } = await within(patience, what, (abortSignal) =>
          calling(what, () => client.send(command, { abortSignal })),
        );
        return UserId === undefined ? undefined : { id: UserId, email };
      } catch (error) {
        if (error instanceof ResourceNotFoundException && error.ResourceType !== "IDENTITY_STORE")
          return undefined;
        throw error;
      }
    },

    groupsOf: async ({ id }, groups) => {
      const present = groups.filter((group) => !missing.has(group));
      return within(patience, "Looking up groups", async (abortSignal) => {
        const found: string[] = [];
        for (let start = 0; start < present.length; start += groupsPerCall) {
          const asked = present.slice(start, start + groupsPerCall);
          found.push(...(await membershipsIn(id, asked, abortSignal)));
        }
        return new Set(found);
      });
    },
  };
};
