import {
  Organizations,
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListChildren,
  paginateListOrganizationalUnitsForParent,
} from "@aws-sdk/client-organizations";
import { expect } from "vitest";
import { hub } from "../testing/endpoint.ts";
import type { Contract, PagedList } from "./contract.ts";
import type { World } from "./world.ts";

const as = (config: World["hub"]) => new Organizations(config);
const playground = "444444444444";
const ParentId = "ou-acme-workloads";
const nowhere = { ParentId: "ou-acme-elsewhere" };

export const organizations: Contract = {
  DescribeAccount: {
    answers: async ({ management }) => {
      const { Account } = await as(management).describeAccount({ AccountId: hub });
      expect(Account).toMatchObject({ Id: hub, Name: "hub", JoinedTimestamp: expect.any(Date) });
    },
    refuses: {
      AccountNotFoundException: ({ management }) =>
        as(management).describeAccount({ AccountId: "999999999999" }),
      AccessDeniedException: (world) => as(world.hub).describeAccount({ AccountId: hub }),
    },
  },
  DescribeOrganization: {
    answers: async (world) => {
      const { Organization } = await as(world.hub).describeOrganization({});
      expect(Organization).toMatchObject({ Id: "o-acme000001", MasterAccountId: "111111111111" });
    },
    refuses: { UnrecognizedClientException: ({ nobody }) => as(nobody).describeOrganization({}) },
  },
  DescribeOrganizationalUnit: {
    answers: async ({ management }) => {
      const { OrganizationalUnit } = await as(management).describeOrganizationalUnit({
        OrganizationalUnitId: ParentId,
      });
      expect(OrganizationalUnit).toMatchObject({ Id: ParentId, Name: "workloads" });
    },
    refuses: {
      OrganizationalUnitNotFoundException: ({ management }) =>
        as(management).describeOrganizationalUnit({ OrganizationalUnitId: "ou-acme-elsewhere" }),
    },
  },
  ListAccounts: {
    answers: async ({ management }) => {
      const { Accounts } = await as(management).listAccounts({});
      expect(Accounts).toHaveLength(6);
    },
    refuses: {
      InvalidInputException: ({ management }) =>
        as(management).listAccounts({ NextToken: "none of ours" }),
      AccessDeniedException: (world) => as(world.hub).listAccounts({}),
    },
  },
  ListAccountsForParent: {
    answers: async ({ management }) => {
      const { Accounts } = await as(management).listAccountsForParent({ ParentId });
      expect(Accounts?.map(({ Name }) => Name)).toEqual(["prod", "staging"]);
    },
    refuses: {
      ParentNotFoundException: ({ management }) => as(management).listAccountsForParent(nowhere),
      InvalidInputException: ({ management }) =>
        as(management).listAccountsForParent({ ParentId: "workloads" }),
    },
  },
  ListChildren: {
    answers: async ({ management }) => {
      const { Children } = await as(management).listChildren({ ParentId, ChildType: "ACCOUNT" });
      expect(Children).toEqual([
        { Id: "222222222222", Type: "ACCOUNT" },
        { Id: "333333333333", Type: "ACCOUNT" },
      ]);
    },
    refuses: {
      ParentNotFoundException: ({ management }) =>
        as(management).listChildren({ ...nowhere, ChildType: "ACCOUNT" }),
    },
  },
  ListOrganizationalUnitsForParent: {
    answers: async ({ management }) => {
      const { OrganizationalUnits } = await as(management).listOrganizationalUnitsForParent({
        ParentId: "r-acme",
      });
      expect(OrganizationalUnits?.map(({ Name }) => Name)).toEqual(["playground", "workloads"]);
    },
    refuses: {
      ParentNotFoundException: ({ management }) =>
        as(management).listOrganizationalUnitsForParent(nowhere),
    },
  },
  ListParents: {
    answers: async ({ management }) => {
      const { Parents } = await as(management).listParents({ ChildId: "222222222222" });
      expect(Parents).toEqual([{ Id: ParentId, Type: "ORGANIZATIONAL_UNIT" }]);
    },
    refuses: {
      ChildNotFoundException: ({ management }) =>
        as(management).listParents({ ChildId: "999999999999" }),
    },
  },
  ListRoots: {
    answers: async ({ management }) => {
      const { Roots } = await as(management).listRoots({});
      expect(Roots?.map(({ Id }) => Id)).toEqual(["r-acme"]);
    },
    refuses: { AccessDeniedException: (world) => as(world.hub).listRoots({}) },
  },
  // Last: the others count.
  CloseAccount: {
    answers: async ({ management }) => {
      await as(management).closeAccount({ AccountId: playground });
      const { Account } = await as(management).describeAccount({ AccountId: playground });
      expect(Account).toMatchObject({ Status: "SUSPENDED", State: "SUSPENDED" });
    },
    refuses: {
      AccountAlreadyClosedException: ({ management }) =>
        as(management).closeAccount({ AccountId: playground }),
      AccountNotFoundException: ({ management }) =>
        as(management).closeAccount({ AccountId: "999999999999" }),
      ConstraintViolationException: ({ management }) =>
        as(management).closeAccount({ AccountId: "111111111111" }),
      AccessDeniedException: (world) => as(world.hub).closeAccount({ AccountId: hub }),
    },
  },
  RemoveAccountFromOrganization: {
    answers: async ({ management }) => {
      await as(management).removeAccountFromOrganization({ AccountId: playground });
      const { Accounts } = await as(management).listAccounts({});
      expect(Accounts).toHaveLength(5);
    },
    refuses: {
      AccountNotFoundException: ({ management }) =>
        as(management).removeAccountFromOrganization({ AccountId: playground }),
      MasterCannotLeaveOrganizationException: ({ management }) =>
        as(management).removeAccountFromOrganization({ AccountId: "111111111111" }),
    },
  },
};

export const organizationsLists: readonly PagedList[] = [
  {
    operation: "ListAccounts",
    pages: ({ management }, pageSize) =>
      paginateListAccounts({ client: as(management), pageSize }, {}),
    member: "Accounts",
  },
  {
    operation: "ListAccountsForParent",
    pages: ({ management }, pageSize) =>
      paginateListAccountsForParent({ client: as(management), pageSize }, { ParentId }),
    member: "Accounts",
  },
  {
    operation: "ListChildren",
    pages: ({ management }, pageSize) =>
      paginateListChildren(
        { client: as(management), pageSize },
        { ParentId, ChildType: "ACCOUNT" },
      ),
    member: "Children",
  },
  {
    operation: "ListOrganizationalUnitsForParent",
    pages: ({ management }, pageSize) =>
      paginateListOrganizationalUnitsForParent(
        { client: as(management), pageSize },
        { ParentId: "r-acme" },
      ),
    member: "OrganizationalUnits",
  },
];
