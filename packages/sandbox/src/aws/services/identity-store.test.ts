import {
  CreateGroupMembershipCommand,
  DeleteGroupCommand,
  DeleteGroupMembershipCommand,
  DeleteUserCommand,
  DescribeGroupCommand,
  DescribeGroupMembershipCommand,
  DescribeUserCommand,
  GetGroupMembershipIdCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  IsMemberInGroupsCommand,
  ListGroupMembershipsCommand,
  ListGroupMembershipsForMemberCommand,
  ListGroupsCommand,
  ListUsersCommand,
  paginateListUsers,
} from "@aws-sdk/client-identitystore";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFaults, type Faults } from "../../faults/faults.ts";
import { createInject } from "../../faults/inject.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { acme } from "../acme.ts";
import { hub, startEndpoint, type TestEndpoint } from "../testing/endpoint.ts";

let endpoint: TestEndpoint;
let client: IdentitystoreClient;
let faults: Faults;
beforeEach(async () => {
  const clock = createManualClock();
  faults = createFaults({ clock });
  endpoint = await startEndpoint({
    clock,
    inject: createInject({ faults, clock, kill: async () => {} }),
  });
  client = new IdentitystoreClient(endpoint.as("sandbox"));
});
afterEach(() => endpoint.close());

const IdentityStoreId = acme.identityStoreId;
const user = (name: string): string =>
  acme.users.find(({ userName }) => userName.startsWith(name))?.id ?? "";
const group = (name: string): string => acme.groups.find((it) => it.name === name)?.id ?? "";
const alice = user("alice");
const oncall = group("oncall");
const nobody = "00000000-0000-4000-8000-000000000000";

const getUserId = (AttributePath: string, AttributeValue: string) =>
  client.send(
    new GetUserIdCommand({
      IdentityStoreId,
      AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
    }),
  );

const isMember = async (userId: string, ...GroupIds: string[]) => {
  const command = new IsMemberInGroupsCommand({
    IdentityStoreId,
    MemberId: { UserId: userId },
    GroupIds,
  });
  return (await client.send(command)).Results?.map(({ MembershipExists }) => MembershipExists);
};

const pair = (userId: string, GroupId: string) => ({
  IdentityStoreId,
  GroupId,
  MemberId: { UserId: userId },
});

describe("users and groups", () => {
  it.each(["userName", "emails.value"])("finds a user by %s", async (path) => {
    expect(await getUserId(path, "alice@acme.example")).toMatchObject({
      UserId: alice,
      IdentityStoreId,
    });
  });

  it("does not find a user who does not exist, nor by an external id", async () => {
    await expect(getUserId("userName", "mallory@acme.example")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      ResourceType: "USER",
    });
    const byExternalId = client.send(
      new GetUserIdCommand({
        IdentityStoreId,
        AlternateIdentifier: { ExternalId: { Issuer: "okta", Id: "1" } },
      }),
    );
    await expect(byExternalId).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("describes a user and a group", async () => {
    expect(
      await client.send(new DescribeUserCommand({ IdentityStoreId, UserId: alice })),
    ).toMatchObject({
      UserName: "alice@acme.example",
      Emails: [{ Value: "alice@acme.example", Primary: true }],
      Name: { GivenName: "Alice" },
    });
    expect(
      await client.send(new DescribeGroupCommand({ IdentityStoreId, GroupId: oncall })),
    ).toMatchObject({ DisplayName: "oncall" });
  });

  it("lists users page by page, and by name", async () => {
    const names: (string | undefined)[] = [];
    for await (const page of paginateListUsers({ client, pageSize: 2 }, { IdentityStoreId })) {
      names.push(...(page.Users ?? []).map(({ DisplayName }) => DisplayName));
    }
    expect(names).toHaveLength(5);
    const { Users } = await client.send(
      new ListUsersCommand({
        IdentityStoreId,
        Filters: [{ AttributePath: "UserName", AttributeValue: "bob@acme.example" }],
      }),
    );
    expect(Users?.map(({ UserId }) => UserId)).toEqual([user("bob")]);
  });

  it("lists groups", async () => {
    const { Groups } = await client.send(new ListGroupsCommand({ IdentityStoreId }));
    expect(Groups?.map(({ DisplayName }) => DisplayName).sort()).toEqual([
      "admins",
      "approvers",
      "engineers",
      "oncall",
    ]);
  });

  it("answers no other account than the management account", async () => {
    const other = new IdentitystoreClient(endpoint.as(`sandbox-${hub}`));
    await expect(other.send(new ListGroupsCommand({ IdentityStoreId }))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });

  it("refuses another store", async () => {
    const command = new ListGroupsCommand({ IdentityStoreId: "d-0000000000" });
    await expect(client.send(command)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      ResourceType: "IDENTITY_STORE",
    });
  });
});

describe("memberships", () => {
  it("begin as Acme's", async () => {
    expect(await isMember(user("dave"), oncall, group("engineers"), group("admins"))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("are created and deleted at once", async () => {
    const { MembershipId } = await client.send(
      new CreateGroupMembershipCommand(pair(alice, oncall)),
    );
    expect(await isMember(alice, oncall)).toEqual([true]);
    expect(await client.send(new GetGroupMembershipIdCommand(pair(alice, oncall)))).toMatchObject({
      MembershipId,
    });
    await client.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
    expect(await isMember(alice, oncall)).toEqual([false]);
  });

  it("know who created them, and when", async () => {
    const { MembershipId } = await client.send(
      new CreateGroupMembershipCommand(pair(alice, oncall)),
    );
    const command = new DescribeGroupMembershipCommand({ IdentityStoreId, MembershipId });
    expect(await client.send(command)).toMatchObject({
      GroupId: oncall,
      CreatedAt: new Date(endpoint.clock.now()),
      CreatedBy: "arn:aws:iam::111111111111:user/sandbox",
    });
  });

  it("can be looked up as they were, and are changed as they are", async () => {
    const lag = { service: "identitystore", operation: "*", lag: 15_000, when: "before" } as const;
    faults.add({ ...lag, times: null });
    const create = () => client.send(new CreateGroupMembershipCommand(pair(alice, oncall)));
    const members = async () =>
      (
        await client.send(new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: oncall }))
      ).GroupMemberships?.map(({ MemberId }) => MemberId?.UserId).sort();
    const both = [alice, user("dave")].sort();

    const { MembershipId } = await create();
    await endpoint.clock.advance(14_999);
    expect(await isMember(alice, oncall)).toEqual([false]);
    expect(await members()).toEqual([user("dave")]);
    const find = () => client.send(new GetGroupMembershipIdCommand(pair(alice, oncall)));
    await expect(find()).rejects.toMatchObject({ ResourceType: "GROUP_MEMBERSHIP" });
    await expect(create()).rejects.toMatchObject({ name: "ConflictException" });
    await endpoint.clock.advance(1);
    expect(await find()).toMatchObject({ MembershipId });

    const remove = () =>
      client.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
    await remove();
    await endpoint.clock.advance(14_999);
    expect(await isMember(alice, oncall)).toEqual([true]);
    expect(await members()).toEqual(both);
    await endpoint.clock.advance(1);
    expect(await isMember(alice, oncall)).toEqual([false]);
  });

  it("cannot be deleted twice, whatever a look-up shows", async () => {
    faults.add({
      service: "identitystore",
      operation: "*",
      lag: 15_000,
      when: "before",
      times: null,
    });
    const { MembershipId } = await client.send(
      new CreateGroupMembershipCommand(pair(alice, oncall)),
    );
    await endpoint.clock.advance(15_000);
    const remove = () =>
      client.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
    await remove();
    await expect(remove()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it.each([
    [
      "their group",
      () => client.send(new DeleteGroupCommand({ IdentityStoreId, GroupId: oncall })),
      "GROUP",
    ],
    [
      "their user",
      () => client.send(new DeleteUserCommand({ IdentityStoreId, UserId: user("dave") })),
      "USER",
    ],
  ])("go with %s", async (_case, remove, ResourceType) => {
    const found = await client.send(new GetGroupMembershipIdCommand(pair(user("dave"), oncall)));
    await remove();
    await expect(isMember(user("dave"), oncall)).rejects.toMatchObject({ ResourceType });
    const { MembershipId } = found;
    const describe = new DescribeGroupMembershipCommand({ IdentityStoreId, MembershipId });
    await expect(client.send(describe)).rejects.toMatchObject({ ResourceType: "GROUP_MEMBERSHIP" });
    await expect(remove()).rejects.toMatchObject({ ResourceType });
  });

  it("conflict with themselves", async () => {
    const again = client.send(new CreateGroupMembershipCommand(pair(user("dave"), oncall)));
    await expect(again).rejects.toMatchObject({ name: "ConflictException" });
  });

  it("that are absent cannot be found or deleted", async () => {
    const find = client.send(new GetGroupMembershipIdCommand(pair(alice, oncall)));
    await expect(find).rejects.toMatchObject({ ResourceType: "GROUP_MEMBERSHIP" });
    const remove = client.send(
      new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId: nobody }),
    );
    await expect(remove).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it.each([
    ["a user", nobody, oncall, "USER"],
    ["a group", alice, nobody, "GROUP"],
  ])("need %s that exists", async (_case, userId, groupId, ResourceType) => {
    const create = client.send(new CreateGroupMembershipCommand(pair(userId, groupId)));
    await expect(create).rejects.toMatchObject({ name: "ResourceNotFoundException", ResourceType });
  });

  it("are listed by group and by member", async () => {
    const ofGroup = await client.send(
      new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: oncall }),
    );
    expect(ofGroup.GroupMemberships?.map(({ MemberId }) => MemberId?.UserId)).toEqual([
      user("dave"),
    ]);
    const ofMember = await client.send(
      new ListGroupMembershipsForMemberCommand({
        IdentityStoreId,
        MemberId: { UserId: user("carol") },
      }),
    );
    expect(ofMember.GroupMemberships?.map(({ GroupId }) => GroupId).sort()).toEqual(
      [group("approvers"), group("admins")].sort(),
    );
  });
});
