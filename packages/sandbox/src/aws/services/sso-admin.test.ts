import { DeleteUserCommand, IdentitystoreClient } from "@aws-sdk/client-identitystore";
import {
  CloseAccountCommand,
  OrganizationsClient,
  RemoveAccountFromOrganizationCommand,
} from "@aws-sdk/client-organizations";
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DeletePermissionSetCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListInstancesCommand,
  paginateListPermissionSets,
  SSOAdminClient,
} from "@aws-sdk/client-sso-admin";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFaults } from "../../faults/faults.ts";
import { createInject } from "../../faults/inject.ts";
import { openStore } from "../../store.ts";
import { acme } from "../acme.ts";
import { relaxed } from "../identity-center/limits.ts";
import { hub, startEndpoint, type TestEndpoint } from "../testing/endpoint.ts";

let endpoint: TestEndpoint;
let client: SSOAdminClient;
beforeEach(async () => {
  endpoint = await startEndpoint();
  client = new SSOAdminClient(endpoint.as("sandbox"));
});
afterEach(() => endpoint.close());

const InstanceArn = acme.instanceArn;
const [readOnly = "", powerUser = ""] = acme.permissionSets.map(({ arn }) => arn);
const userId = (name: string): string =>
  acme.users.find(({ userName }) => userName.startsWith(name))?.id ?? "";
const alice = userId("alice");
const dave = userId("dave");
const prod = "222222222222";
const staging = "333333333333";

const assignment = {
  InstanceArn,
  TargetId: prod,
  TargetType: "AWS_ACCOUNT",
  PermissionSetArn: readOnly,
  PrincipalType: "USER",
  PrincipalId: alice,
} as const;

type Changed = Partial<Record<keyof typeof assignment, string>>;

const create = async (
  input: Pick<Changed, "TargetId" | "PermissionSetArn" | "PrincipalId"> = {},
) => {
  const command = new CreateAccountAssignmentCommand({ ...assignment, ...input });
  return (await client.send(command)).AccountAssignmentCreationStatus;
};

const remove = async (input: Pick<Changed, "TargetId" | "PrincipalId"> = {}) => {
  const command = new DeleteAccountAssignmentCommand({ ...assignment, ...input });
  return (await client.send(command)).AccountAssignmentDeletionStatus;
};

const creation = async (AccountAssignmentCreationRequestId: string | undefined) => {
  const command = new DescribeAccountAssignmentCreationStatusCommand({
    InstanceArn,
    AccountAssignmentCreationRequestId,
  });
  return (await client.send(command)).AccountAssignmentCreationStatus;
};

const deletion = async (AccountAssignmentDeletionRequestId: string | undefined) => {
  const command = new DescribeAccountAssignmentDeletionStatusCommand({
    InstanceArn,
    AccountAssignmentDeletionRequestId,
  });
  return (await client.send(command)).AccountAssignmentDeletionStatus;
};

const listed = async (AccountId = prod, PermissionSetArn = readOnly) => {
  const command = new ListAccountAssignmentsCommand({ InstanceArn, AccountId, PermissionSetArn });
  return (await client.send(command)).AccountAssignments?.map(({ PrincipalId }) => PrincipalId);
};

const settle = () => endpoint.clock.advance(relaxed.provisioning);

describe("a creation", () => {
  it("is in progress, succeeds, and shows in a List a little later", async () => {
    const begun = await create();
    expect(begun).toMatchObject({
      Status: "IN_PROGRESS",
      TargetId: prod,
      TargetType: "AWS_ACCOUNT",
      PrincipalId: alice,
      CreatedDate: new Date(endpoint.clock.now()),
    });
    await settle();
    expect(await creation(begun?.RequestId)).toMatchObject({ Status: "SUCCEEDED" });
    expect(await listed()).toEqual([]);
    await endpoint.clock.advance(relaxed.listLag);
    expect(await listed()).toEqual([alice]);
  });

  it("of an assignment that exists succeeds and changes nothing", async () => {
    const begun = await create({ TargetId: staging, PrincipalId: dave });
    await settle();
    expect(await creation(begun?.RequestId)).toMatchObject({ Status: "SUCCEEDED" });
    expect(await listed(staging)).toEqual([dave]);
  });

  it.each([
    ["an account", { TargetId: "999999999999" }, /404.*Account/],
    ["a user", { PrincipalId: "00000000-0000-4000-8000-000000000000" }, /404.*USER/],
  ])("fails later for %s that does not exist", async (_case, input, reason) => {
    const begun = await create(input);
    expect(begun?.Status).toBe("IN_PROGRESS");
    await settle();
    expect(await creation(begun?.RequestId)).toMatchObject({
      Status: "FAILED",
      FailureReason: expect.stringMatching(reason),
    });
  });

  it("is refused at once for a permission set that does not exist", async () => {
    const unknown = readOnly.replace("ps-readonly0000000a", "ps-unknown00000000a");
    await expect(create({ PermissionSetArn: unknown })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("conflicts with a change of the same account that is in progress", async () => {
    await create();
    await expect(create({ PermissionSetArn: powerUser })).rejects.toMatchObject({
      name: "ConflictException",
      $metadata: { httpStatusCode: 400 },
    });
    await expect(remove()).rejects.toMatchObject({ name: "ConflictException" });
    await create({ TargetId: staging });
    await settle();
    expect(await create({ PermissionSetArn: powerUser })).toMatchObject({ Status: "IN_PROGRESS" });
  });

  it("can be found while it is in progress by who lost its id", async () => {
    const begun = await create();
    const find = async () => {
      const command = new ListAccountAssignmentCreationStatusCommand({
        InstanceArn,
        Filter: { Status: "IN_PROGRESS" },
      });
      const { AccountAssignmentsCreationStatus } = await client.send(command);
      return AccountAssignmentsCreationStatus?.map(({ RequestId }) => RequestId);
    };
    expect(await find()).toEqual([begun?.RequestId]);
    await settle();
    expect(await find()).toEqual([]);
  });

  it("survives a restart", async () => {
    const store = openStore(":memory:");
    const { clock } = endpoint;
    const first = await startEndpoint({ store, clock });
    client = new SSOAdminClient(first.as("sandbox"));
    const begun = await create();
    await first.close();
    clock.stop();
    await settle();

    const second = await startEndpoint({ store, clock });
    client = new SSOAdminClient(second.as("sandbox"));
    await clock.advance(0);
    expect(await creation(begun?.RequestId)).toMatchObject({ Status: "SUCCEEDED" });
    await clock.advance(relaxed.listLag);
    expect(await listed()).toEqual([alice]);
    await second.close();
  });
});

describe("a deletion", () => {
  it("is in progress, succeeds, and stays in a List a little longer", async () => {
    const begun = await remove({ TargetId: staging, PrincipalId: dave });
    expect(begun).toMatchObject({ Status: "IN_PROGRESS" });
    await settle();
    expect(await deletion(begun?.RequestId)).toMatchObject({ Status: "SUCCEEDED" });
    expect(await listed(staging)).toEqual([dave]);
    await endpoint.clock.advance(relaxed.listLag);
    expect(await listed(staging)).toEqual([]);
    const { AccountAssignmentsDeletionStatus } = await client.send(
      new ListAccountAssignmentDeletionStatusCommand({ InstanceArn }),
    );
    expect(AccountAssignmentsDeletionStatus).toMatchObject([{ RequestId: begun?.RequestId }]);
  });

  it("of an absent assignment fails later", async () => {
    const begun = await remove();
    await settle();
    expect(await deletion(begun?.RequestId)).toMatchObject({
      Status: "FAILED",
      FailureReason: expect.stringContaining("not found"),
    });
  });

  it("of an absent assignment is refused at once where the sandbox is told so", async () => {
    const refusing = await startEndpoint({ absentDeletion: "refused" });
    client = new SSOAdminClient(refusing.as("sandbox"));
    await expect(remove()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await refusing.close();
  });
});

describe("Identity Center", () => {
  it("lists what a person has, through groups too", async () => {
    const [engineers] = acme.groups;
    await client.send(
      new CreateAccountAssignmentCommand({
        ...assignment,
        PrincipalType: "GROUP",
        PrincipalId: engineers?.id,
      }),
    );
    await settle();
    await endpoint.clock.advance(relaxed.listLag);
    const { AccountAssignments } = await client.send(
      new ListAccountAssignmentsForPrincipalCommand({
        InstanceArn,
        PrincipalId: dave,
        PrincipalType: "USER",
      }),
    );
    expect(
      AccountAssignments?.map(({ AccountId, PrincipalId }) => [AccountId, PrincipalId]),
    ).toEqual([
      [prod, engineers?.id],
      [staging, dave],
    ]);
  });

  it("lists and describes its permission sets", async () => {
    const found: string[] = [];
    for await (const page of paginateListPermissionSets({ client, pageSize: 2 }, { InstanceArn })) {
      found.push(...(page.PermissionSets ?? []));
    }
    expect(found.sort()).toEqual(acme.permissionSets.map(({ arn }) => arn).sort());
    const { PermissionSet } = await client.send(
      new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn: readOnly }),
    );
    expect(PermissionSet).toMatchObject({ Name: "ReadOnly", SessionDuration: "PT1H" });
  });

  it("deletes a permission set only when it is assigned to nobody, and then knows it no more", async () => {
    const drop = () =>
      client.send(new DeletePermissionSetCommand({ InstanceArn, PermissionSetArn: readOnly }));
    await expect(drop()).rejects.toMatchObject({ name: "ConflictException" });
    await remove({ TargetId: staging, PrincipalId: dave });
    await settle();
    await drop();
    await expect(drop()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(create()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(listed()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("can change nothing in an account that is closed, and still lists what is there", async () => {
    const organizations = new OrganizationsClient(endpoint.as("sandbox"));
    await organizations.send(new CloseAccountCommand({ AccountId: staging }));
    const created = await create({ TargetId: staging });
    await settle();
    const reason = expect.stringContaining("takes longer than usual");
    expect(await creation(created?.RequestId)).toMatchObject({ FailureReason: reason });
    const deleted = await remove({ TargetId: staging, PrincipalId: dave });
    await settle();
    expect(await deletion(deleted?.RequestId)).toMatchObject({ FailureReason: reason });
    expect(await listed(staging)).toEqual([dave]);
  });

  it("forgets the assignments of an account that leaves", async () => {
    const organizations = new OrganizationsClient(endpoint.as("sandbox"));
    await organizations.send(new RemoveAccountFromOrganizationCommand({ AccountId: staging }));
    expect(await listed(staging)).toEqual([]);
    const deleted = await remove({ TargetId: staging, PrincipalId: dave });
    await settle();
    expect(await deletion(deleted?.RequestId)).toMatchObject({
      Status: "FAILED",
      FailureReason: "Received a 404 status error: Account not found.",
    });
  });

  it("keeps the assignments of a user who is deleted", async () => {
    const IdentityStoreId = acme.identityStoreId;
    const store = new IdentitystoreClient(endpoint.as("sandbox"));
    await store.send(new DeleteUserCommand({ IdentityStoreId, UserId: dave }));
    expect(await listed(staging)).toEqual([dave]);
    const deleted = await remove({ TargetId: staging, PrincipalId: dave });
    await settle();
    expect(await deletion(deleted?.RequestId)).toMatchObject({ Status: "SUCCEEDED" });
  });

  it("can show in its Lists what was, and not only what is", async () => {
    const { clock } = endpoint;
    const faults = createFaults({ clock });
    const inject = createInject({ faults, clock, kill: async () => {} });
    const lagging = await startEndpoint({ clock, inject });
    client = new SSOAdminClient(lagging.as("sandbox"));
    const lag = { service: "sso", operation: "*", lag: 15_000, when: "before" } as const;
    faults.add({ ...lag, times: null });
    /** Half a second after each change, and half a second before a List that lags shows it. */
    const look = async () => {
      await settle();
      await clock.advance(relaxed.listLag + 14_500);
      const before = await listed();
      await clock.advance(500);
      return [before, await listed()];
    };
    await create();
    expect(await look()).toEqual([[], [alice]]);
    await remove();
    expect(await look()).toEqual([[alice], []]);
    await create();
    await settle();
    await remove();
    expect(await look()).toEqual([[alice], []]);
    await lagging.close();
  });

  it("lists its one instance", async () => {
    const { Instances } = await client.send(new ListInstancesCommand({}));
    expect(Instances).toMatchObject([{ InstanceArn, IdentityStoreId: "d-ace0000001" }]);
  });

  it("answers no other account than the management account", async () => {
    const other = new SSOAdminClient(endpoint.as(`sandbox-${hub}`));
    await expect(other.send(new ListInstancesCommand({}))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });

  it("says which member of an input is invalid", async () => {
    await expect(create({ TargetId: "prod" })).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value 'prod' at 'targetId' failed to satisfy constraint: Member must satisfy regular expression pattern: \\d{12}",
    });
  });

  it("refuses another instance", async () => {
    const command = new ListAccountAssignmentsCommand({
      InstanceArn: "arn:aws:sso:::instance/ssoins-0000000000000000",
      AccountId: prod,
      PermissionSetArn: readOnly,
    });
    await expect(client.send(command)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
