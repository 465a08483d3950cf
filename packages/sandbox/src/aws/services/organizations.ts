import * as z from "zod";
import { inAccount } from "../in-account.ts";
import type { LiveOrganization } from "../live-organization.ts";
import type { Account, Organization } from "../organization.ts";
import { paginate } from "../pagination.ts";
import { AwsError, type Service } from "../service.ts";
import { validate } from "../validate.ts";

const invalid = "InvalidInputException";

const page = {
  MaxResults: z.number().int().min(1).max(20).default(20),
  NextToken: z.string().max(100_000).optional(),
};
const Page = z.object(page);
const parentId = z.string().regex(/^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/);
const OfParent = z.object({ ParentId: parentId, ...page });
const childId = z.string().regex(/^(\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/);
const OfChild = z.object({ ChildId: childId, ...page });
const Children = z.object({
  ParentId: parentId,
  ChildType: z.enum(["ACCOUNT", "ORGANIZATIONAL_UNIT"]),
  ...page,
});
const OfUnit = z.object({
  OrganizationalUnitId: z.string().regex(/^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/),
});
const OfAccount = z.object({ AccountId: z.string().regex(/^\d{12}$/) });

/** When everything in the sandbox's organisation began: accounts, units, permission sets. */
const beginning = new Date("2024-01-01T00:00:00Z");

/** Organizations, which answers the management account only (but for DescribeOrganization). */
export const createOrganizations = (deps: { organization: LiveOrganization }): Service => {
  const { organization } = deps;
  const arn = (kind: string, id: string): string =>
    `arn:aws:organizations::${organization.managementAccount}:${kind}/${organization.id}/${id}`;

  const describe = (account: Account) => ({
    Id: account.id,
    Arn: arn("account", account.id),
    Email: account.email,
    Name: account.name,
    Status: account.isSuspended ? "SUSPENDED" : "ACTIVE",
    State: account.isSuspended ? "SUSPENDED" : "ACTIVE",
    JoinedMethod: account.id === organization.managementAccount ? "INVITED" : "CREATED",
    JoinedTimestamp: beginning,
  });

  const requireParent = (id: string): void => {
    if (id === organization.rootId || organization.units.some((unit) => unit.id === id)) return;
    throw new AwsError("ParentNotFoundException", "You specified parent that doesn't exist.");
  };

  const listAccounts = (
    list: string,
    accounts: readonly Account[],
    input: z.infer<typeof Page>,
  ): unknown => {
    const { items, nextToken } = paginate(accounts, ({ id }) => id, {
      list,
      token: input.NextToken,
      size: input.MaxResults,
      invalidToken: invalid,
    });
    return { Accounts: items.map(describe), NextToken: nextToken };
  };

  const describeUnit = ({ id, name }: Organization["units"][number]) => ({
    Id: id,
    Arn: arn("ou", id),
    Name: name,
  });

  const listUnits = (input: z.infer<typeof OfParent>): unknown => {
    requireParent(input.ParentId);
    const units = organization.units.filter((unit) => unit.parentId === input.ParentId);
    const { items, nextToken } = paginate(units, ({ id }) => id, {
      list: `units:${input.ParentId}`,
      token: input.NextToken,
      size: input.MaxResults,
      invalidToken: invalid,
    });
    return { OrganizationalUnits: items.map(describeUnit), NextToken: nextToken };
  };

  const listChildren = (input: z.infer<typeof Children>): unknown => {
    const { ParentId, ChildType: Type } = input;
    requireParent(ParentId);
    const all = Type === "ACCOUNT" ? organization.accounts : organization.units;
    const { items, nextToken } = paginate(
      all.filter((child) => child.parentId === ParentId),
      ({ id }) => id,
      {
        list: `children:${ParentId}:${Type}`,
        token: input.NextToken,
        size: input.MaxResults,
        invalidToken: invalid,
      },
    );
    return { Children: items.map(({ id: Id }) => ({ Id, Type })), NextToken: nextToken };
  };

  /** The one parent that an account or a unit has. */
  const listParents = ({ ChildId }: z.infer<typeof OfChild>): unknown => {
    const child = [...organization.accounts, ...organization.units].find(
      ({ id }) => id === ChildId,
    );
    if (child === undefined)
      throw new AwsError("ChildNotFoundException", "You specified a child that doesn't exist.");
    const Type = child.parentId === organization.rootId ? "ROOT" : "ORGANIZATIONAL_UNIT";
    return { Parents: [{ Id: child.parentId, Type }] };
  };

  const accountOf = (input: Record<string, unknown>): Account => {
    const { AccountId } = validate(OfAccount, input, invalid);
    const account = organization.accounts.find(({ id }) => id === AccountId);
    if (account !== undefined) return account;
    throw new AwsError("AccountNotFoundException", "You specified an account that doesn't exist.");
  };

  /** At once, where the real service takes minutes. */
  const closeAccount = (input: Record<string, unknown>): unknown => {
    const { id, isSuspended } = accountOf(input);
    if (id === organization.managementAccount)
      throw new AwsError(
        "ConstraintViolationException",
        "You cannot close the management account.",
        400,
        { Reason: "CANNOT_CLOSE_MANAGEMENT_ACCOUNT" },
      );
    if (isSuspended)
      throw new AwsError("AccountAlreadyClosedException", "The account is already closed.");
    organization.suspend(id);
    return {};
  };

  const removeAccount = (input: Record<string, unknown>): unknown => {
    const { id } = accountOf(input);
    if (id === organization.managementAccount)
      throw new AwsError(
        "MasterCannotLeaveOrganizationException",
        "The management account can't leave its organization.",
      );
    organization.delete("accounts", id);
    return {};
  };

  const describeOrganization = (): unknown => {
    const { id: Id, managementAccount: MasterAccountId, accounts } = organization;
    return {
      Organization: {
        Id,
        Arn: `arn:aws:organizations::${MasterAccountId}:organization/${Id}`,
        FeatureSet: "ALL",
        MasterAccountArn: arn("account", MasterAccountId),
        MasterAccountId,
        MasterAccountEmail: accounts.find((account) => account.id === MasterAccountId)?.email,
        AvailablePolicyTypes: [],
      },
    };
  };

  const service: Service = {
    signingName: "organizations",
    operations: {
      ListAccounts: ({ input }) =>
        listAccounts("accounts", organization.accounts, validate(Page, input, invalid)),
      ListAccountsForParent: ({ input }) => {
        const parsed = validate(OfParent, input, invalid);
        requireParent(parsed.ParentId);
        const children = organization.accounts.filter(
          (account) => account.parentId === parsed.ParentId,
        );
        return listAccounts(`accounts:${parsed.ParentId}`, children, parsed);
      },
      ListOrganizationalUnitsForParent: ({ input }) =>
        listUnits(validate(OfParent, input, invalid)),
      ListChildren: ({ input }) => listChildren(validate(Children, input, invalid)),
      ListParents: ({ input }) => listParents(validate(OfChild, input, invalid)),
      DescribeOrganizationalUnit: ({ input }) => {
        const { OrganizationalUnitId } = validate(OfUnit, input, invalid);
        const unit = organization.units.find(({ id }) => id === OrganizationalUnitId);
        if (unit !== undefined) return { OrganizationalUnit: describeUnit(unit) };
        throw new AwsError(
          "OrganizationalUnitNotFoundException",
          "You specified an organizational unit that doesn't exist.",
        );
      },
      ListRoots: () => ({
        Roots: [
          {
            Id: organization.rootId,
            Arn: arn("root", organization.rootId),
            Name: "Root",
            PolicyTypes: [],
          },
        ],
      }),
      DescribeAccount: ({ input }) => ({ Account: describe(accountOf(input)) }),
      CloseAccount: ({ input }) => closeAccount(input),
      RemoveAccountFromOrganization: ({ input }) => removeAccount(input),
    },
  };
  const guarded = inAccount(service, organization.managementAccount);
  // Every member may ask which organisation it is in.
  return {
    ...guarded,
    operations: { ...guarded.operations, DescribeOrganization: describeOrganization },
  };
};
