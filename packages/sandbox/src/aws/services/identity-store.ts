import * as z from "zod";
import type { Membership, Memberships } from "../identity-center/memberships.ts";
import { inAccount } from "../in-account.ts";
import type { LiveOrganization } from "../live-organization.ts";
import type { Group, User } from "../organization.ts";
import { paginate } from "../pagination.ts";
import { AwsError, type Call, type Service } from "../service.ts";
import { validate } from "../validate.ts";

const storeId = z.string().regex(/^(d-[0-9a-f]{10}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/);
const id = z.string().regex(/^([0-9a-f]{10}-)?[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}$/);
const member = z.object({ UserId: id });
const page = {
  MaxResults: z.number().int().min(1).max(100).default(100),
  NextToken: z.string().max(65_535).optional(),
};

const InStore = z.object({ IdentityStoreId: storeId });
const OfUser = InStore.extend({ UserId: id });
const OfGroup = InStore.extend({ GroupId: id });
const OfMembership = InStore.extend({ MembershipId: id });
const Pair = InStore.extend({ GroupId: id, MemberId: member });
const Lookup = InStore.extend({
  AlternateIdentifier: z.union([
    z.strictObject({
      UniqueAttribute: z.object({ AttributePath: z.string(), AttributeValue: z.string() }),
    }),
    z.strictObject({ ExternalId: z.object({ Issuer: z.string(), Id: z.string() }) }),
  ]),
});
const List = InStore.extend({
  ...page,
  Filters: z.array(z.object({ AttributePath: z.string(), AttributeValue: z.string() })).optional(),
});
const ListOfGroup = OfGroup.extend(page);
const ListOfMember = InStore.extend({ MemberId: member, ...page });
const AreMembers = InStore.extend({ MemberId: member, GroupIds: z.array(id).min(1).max(100) });

const notFound = (type: "USER" | "GROUP" | "GROUP_MEMBERSHIP" | "IDENTITY_STORE"): AwsError =>
  new AwsError("ResourceNotFoundException", `${type} not found.`, 400, { ResourceType: type });

const notUnique = (path: string): AwsError =>
  new AwsError("ValidationException", `${path} is not a unique attribute.`);

const filterOf = (input: z.infer<typeof List>, attribute: string): ((value: string) => boolean) => {
  const [filter] = input.Filters ?? [];
  if (filter === undefined) return () => true;
  if (filter.AttributePath === attribute) return (value) => value === filter.AttributeValue;
  throw new AwsError("ValidationException", `The filter ${filter.AttributePath} is not supported.`);
};

/** The identity store of Identity Center, which answers the management account only. */
export const createIdentityStore = (deps: {
  organization: LiveOrganization;
  memberships: Memberships;
}): Service => {
  const { organization, memberships } = deps;
  const { identityStoreId: IdentityStoreId } = organization;

  /** Parses the input of an operation on the store, which must be ours. */
  const parse = <S extends z.ZodType<{ IdentityStoreId: string }>>(schema: S, call: Call) => {
    const input = validate(schema, call.input);
    if (input.IdentityStoreId !== IdentityStoreId) throw notFound("IDENTITY_STORE");
    return input;
  };

  const user = (userId: string): User => {
    const found = organization.users.find((it) => it.id === userId);
    if (found === undefined) throw notFound("USER");
    return found;
  };

  const group = (groupId: string): Group => {
    const found = organization.groups.find((it) => it.id === groupId);
    if (found === undefined) throw notFound("GROUP");
    return found;
  };

  const describeUser = (it: User) => ({
    UserName: it.userName,
    UserId: it.id,
    Name: { Formatted: it.displayName, FamilyName: it.familyName, GivenName: it.givenName },
    DisplayName: it.displayName,
    Emails: [{ Value: it.email, Type: "work", Primary: true }],
    UserStatus: "ENABLED",
    IdentityStoreId,
  });

  const describeGroup = (it: Group) => ({
    GroupId: it.id,
    DisplayName: it.name,
    Description: it.description,
    IdentityStoreId,
  });

  const describeMembership = (it: Membership) => ({
    IdentityStoreId,
    MembershipId: it.id,
    GroupId: it.groupId,
    MemberId: { UserId: it.userId },
  });

  const describeOrigin = ({ createdAt, createdBy }: Membership) => {
    const at = createdAt === undefined ? undefined : new Date(createdAt);
    return { CreatedAt: at, CreatedBy: createdBy, UpdatedAt: at, UpdatedBy: createdBy };
  };

  const getUserId = (call: Call): unknown => {
    const { AlternateIdentifier: by } = parse(Lookup, call);
    // Nobody here comes from an identity provider, so nobody has an external id.
    if ("ExternalId" in by) throw notFound("USER");
    const { AttributePath, AttributeValue } = by.UniqueAttribute;
    const found = organization.users.find((it) => {
      if (AttributePath.toLowerCase() === "username") return it.userName === AttributeValue;
      if (AttributePath.toLowerCase() === "emails.value") return it.email === AttributeValue;
      throw notUnique(AttributePath);
    });
    if (found === undefined) throw notFound("USER");
    return { UserId: found.id, IdentityStoreId };
  };

  const getGroupId = (call: Call): unknown => {
    const { AlternateIdentifier: by } = parse(Lookup, call);
    if ("ExternalId" in by) throw notFound("GROUP");
    const { AttributePath, AttributeValue } = by.UniqueAttribute;
    if (AttributePath.toLowerCase() !== "displayname") throw notUnique(AttributePath);
    const found = organization.groups.find(({ name }) => name === AttributeValue);
    if (found === undefined) throw notFound("GROUP");
    return { GroupId: found.id, IdentityStoreId };
  };

  const membership = (call: Call): Membership => {
    const { GroupId, MemberId } = parse(Pair, call);
    const found = memberships.find(group(GroupId).id, user(MemberId.UserId).id, call.lag);
    if (found === undefined) throw notFound("GROUP_MEMBERSHIP");
    return found;
  };

  const create = (call: Call): unknown => {
    const { GroupId, MemberId } = parse(Pair, call);
    if (memberships.find(group(GroupId).id, user(MemberId.UserId).id) !== undefined) {
      throw new AwsError(
        "ConflictException",
        "Member and Group relationship already exists.",
        400,
        { Reason: "UNIQUENESS_CONSTRAINT_VIOLATION" },
      );
    }
    const added = memberships.add(GroupId, MemberId.UserId, call.caller.arn);
    return { MembershipId: added.id, IdentityStoreId };
  };

  const membershipById = (call: Call): Membership => {
    const found = memberships.get(parse(OfMembership, call).MembershipId, call.lag);
    if (found === undefined) throw notFound("GROUP_MEMBERSHIP");
    return found;
  };

  const remove = (call: Call): unknown => {
    memberships.remove(membershipById(call).id);
    return {};
  };

  const deleteGroup = (call: Call): unknown => {
    const { id: groupId } = group(parse(OfGroup, call).GroupId);
    for (const it of memberships.ofGroup(groupId)) memberships.remove(it.id);
    organization.delete("groups", groupId);
    return {};
  };

  /** The assignments of permission sets to the user stay, and name a principal that is no more. */
  const deleteUser = (call: Call): unknown => {
    const { id: userId } = user(parse(OfUser, call).UserId);
    for (const it of memberships.ofUser(userId)) memberships.remove(it.id);
    organization.delete("users", userId);
    return {};
  };

  const areMembers = (call: Call): unknown => {
    const { MemberId, GroupIds } = parse(AreMembers, call);
    const mine = memberships.ofUser(user(MemberId.UserId).id, call.lag);
    const Results = GroupIds.map((GroupId) => ({
      GroupId: group(GroupId).id,
      MemberId,
      MembershipExists: mine.some((it) => it.groupId === GroupId),
    }));
    return { Results };
  };

  const listMemberships = (
    list: string,
    found: readonly Membership[],
    input: { MaxResults: number; NextToken?: string | undefined },
  ): unknown => {
    const page = paginate(found, (it) => it.id, {
      list,
      token: input.NextToken,
      size: input.MaxResults,
    });
    return { GroupMemberships: page.items.map(describeMembership), NextToken: page.nextToken };
  };

  const listUsers = (call: Call): unknown => {
    const input = parse(List, call);
    const wanted = filterOf(input, "UserName");
    const users = organization.users.filter((it) => wanted(it.userName));
    const { items, nextToken } = paginate(users, (it) => it.id, {
      list: "users",
      token: input.NextToken,
      size: input.MaxResults,
    });
    return { Users: items.map(describeUser), NextToken: nextToken };
  };

  const listGroups = (call: Call): unknown => {
    const input = parse(List, call);
    const wanted = filterOf(input, "DisplayName");
    const groups = organization.groups.filter((it) => wanted(it.name));
    const { items, nextToken } = paginate(groups, (it) => it.id, {
      list: "groups",
      token: input.NextToken,
      size: input.MaxResults,
    });
    return { Groups: items.map(describeGroup), NextToken: nextToken };
  };

  const service: Service = {
    signingName: "identitystore",
    lagging: [
      "DescribeGroupMembership",
      "GetGroupMembershipId",
      "IsMemberInGroups",
      "ListGroupMemberships",
      "ListGroupMembershipsForMember",
    ],
    operations: {
      GetUserId: getUserId,
      GetGroupId: getGroupId,
      DescribeUser: (call) => describeUser(user(parse(OfUser, call).UserId)),
      DescribeGroup: (call) => describeGroup(group(parse(OfGroup, call).GroupId)),
      ListUsers: listUsers,
      ListGroups: listGroups,
      IsMemberInGroups: areMembers,
      GetGroupMembershipId: (call) => ({ MembershipId: membership(call).id, IdentityStoreId }),
      DescribeGroupMembership: (call) => {
        const found = membershipById(call);
        return { ...describeMembership(found), ...describeOrigin(found) };
      },
      CreateGroupMembership: create,
      DeleteGroup: deleteGroup,
      DeleteGroupMembership: remove,
      DeleteUser: deleteUser,
      ListGroupMemberships: (call) => {
        const input = parse(ListOfGroup, call);
        const { id: groupId } = group(input.GroupId);
        return listMemberships(`group:${groupId}`, memberships.ofGroup(groupId, call.lag), input);
      },
      ListGroupMembershipsForMember: (call) => {
        const input = parse(ListOfMember, call);
        const { id: userId } = user(input.MemberId.UserId);
        return listMemberships(`user:${userId}`, memberships.ofUser(userId, call.lag), input);
      },
    },
  };
  return inAccount(service, organization.managementAccount);
};
