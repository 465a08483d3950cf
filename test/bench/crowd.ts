/** The accounts and people of the bench, as the sandbox's `--crowd 20x25` has them. */
export const crowd = { accounts: 20, people: 25 };

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(index + 1).padStart(3, "0"));

/** Names of the accounts and, without their domain, of the people. */
export const accounts = numbered(crowd.accounts).map((number) => `account-${number}`);
export const people = numbered(crowd.people).map((number) => `person-${number}`);

/** Acme's configuration with ReadOnly and PowerUser on each of these accounts; ReadOnly needs an approval. An expression over `acme`. */
export const configuration = `(() => {
  const numbers = ${JSON.stringify(numbered(crowd.accounts))};
  const target = (number, set) => ({
    type: "aws_sso_permission_set",
    settings: {
      account_id: "700000000" + number,
      permission_set_arn: "arn:aws:sso:::permissionSet/ssoins-acme00000000000a/" + set,
    },
  });
  const targets = (name, set) =>
    Object.fromEntries(numbers.map((number) => ["account-" + number + name, target(number, set)]));
  const [readonly, poweruser] = [
    targets("-readonly", "ps-readonly0000000a"),
    targets("-poweruser", "ps-poweruser000000a"),
  ];
  const flow = {
    strategy: "identity-center",
    requesters: "everyone",
    duration: { max: "1h" },
  };
  const { approvers } = acme.flows["prod-access"];
  return {
    ...acme,
    targets: { ...acme.targets, ...readonly, ...poweruser },
    flows: {
      ...acme.flows,
      "approved-access": { ...flow, approvers, targets: Object.keys(readonly) },
      "quick-access": { ...flow, targets: Object.keys(poweruser) },
    },
  };
})()`;
