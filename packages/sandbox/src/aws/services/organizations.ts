import * as z from "zod";
import { inAccount } from "../in-account.ts";
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
const OfAccount = z.object({ AccountId: z.string().regex(/^\d{12}$/) });

/** When everything in the sandbox's organisation began: accounts, units, permission sets. */
const beginning = new Date("2024-01-01T00:00:00Z");

/** Organizations, which answers the management account only. */
export const createOrganizations = (deps: { organization: Organization }): Service => {
  const { organization } = deps;
  const arn = (kind: string, id: string): string =>
    `arn:aws:organizations::${organization.managementAccount}:${kind}/${organization.id}/${id}`;

  const describe = (account: Account) => ({
    Id: account.id,
    Arn: arn("account", account.id),
    Email: account.email,
    Name: account.name,
    Status: "ACTIVE",
    State: "ACTIVE",
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

  const listUnits = (input: z.infer<typeof OfParent>): unknown => {
    requireParent(input.ParentId);
    const units = organization.units.filter((unit) => unit.parentId === input.ParentId);
    const { items, nextToken } = paginate(units, ({ id }) => id, {
      list: `units:${input.ParentId}`,
      token: input.NextToken,
      size: input.MaxResults,
      invalidToken: invalid,
    });
    const OrganizationalUnits = items.map(({ id, name }) => ({
      Id: id,
      Arn: arn("ou", id),
      Name: name,
    }));
    return { OrganizationalUnits, NextToken: nextToken };
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
      DescribeAccount: ({ input }) => {
        const { AccountId } = validate(OfAccount, input, invalid);
        const account = organization.accounts.find(({ id }) => id === AccountId);
        if (account === undefined) {
          throw new AwsError(
            "AccountNotFoundException",
            "You specified an account that doesn't exist.",
          );
        }
        return { Account: describe(account) };
      },
    },
  };
  return inAccount(service, organization.managementAccount);
};
