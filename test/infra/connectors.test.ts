import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";

/** Actions by the name of their statement. */
type Statements = Record<string, string[]>;

const read = (connector: string, file: string): string =>
  readFileSync(join(import.meta.dirname, "../../infra", connector, file), "utf8");

const Statement = z.object({ Sid: z.string(), Action: z.array(z.string()) });

/** Every statement of a template, wherever it stands: some are inside a condition. */
const statementsOf = (value: unknown): Statements => {
  const statement = Statement.safeParse(value);
  if (statement.success) return { [statement.data.Sid]: statement.data.Action.toSorted() };
  if (typeof value !== "object" || value === null) return {};
  return Object.assign({}, ...Object.values(value).map(statementsOf));
};

/** CloudFormation's own tags (`!Ref`, `!Sub`) are read as what they are put before. */
const inTemplate = (connector: string): Statements =>
  statementsOf(parse(read(connector, "template.yaml"), { logLevel: "error" }));

/** Terraform has no parser on npm: a statement is a `sid` and the list of actions that follows it. */
const inTerraform = (connector: string): Statements => {
  const statements = read(connector, "main.tf").matchAll(
    /sid\s*=\s*"(?<sid>\w+)"\s+actions\s*=\s*\[(?<actions>[^\]]*)\]/g,
  );
  return Object.fromEntries(
    [...statements].map(({ groups }) => [
      groups?.sid,
      [...(groups?.actions ?? "").matchAll(/"([^"]+)"/g)].map(([, action]) => action).toSorted(),
    ]),
  );
};

const connectors = [
  {
    name: "connector-identity-center",
    role: "CurfewIdentityCenter",
    service: /^(sso|identitystore):/,
  },
  { name: "connector-lambda", role: "CurfewLambda", service: /^lambda:/ },
];

describe.each(connectors)("$name", ({ name, role, service }) => {
  const { Assume, NamePerson, ...permissions } = inTemplate(name);

  test("allows the same in CloudFormation and in Terraform", () => {
    expect(inTerraform(name)).toEqual(inTemplate(name));
    const { length } =
      read(name, "main.tf").match(/^\s*(dynamic "statement"|statement) \{/gm) ?? [];
    expect(Object.keys(inTerraform(name))).toHaveLength(length ?? 0);
  });

  test("names every action", () => {
    const actions = Object.values(permissions).flat();
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => action.includes("*") || !service.test(action))).toEqual([]);
  });

  test("lets Curfew's functions assume it, say for whom, and nobody else", () => {
    expect(Assume).toEqual(["sts:AssumeRole"]);
    expect(NamePerson).toEqual(["sts:SetSourceIdentity", "sts:TagSession"]);
    for (const file of ["template.yaml", "main.tf"]) {
      const text = read(name, file);
      expect(text.match(/ArnLike/g)).toHaveLength(2);
      expect(text.match(/aws:PrincipalArn/g)).toHaveLength(2);
      expect(text.match(/sts:ExternalId/g)).toHaveLength(1);
      expect(text).toMatch(/iam::\$\{(HubAccountId|var\.hub_account_id)\}:role\/curfew\/\*/);
    }
  });

  test("has the name and the path that the configuration and the hub know", () => {
    expect(read(name, "template.yaml")).toMatch(
      new RegExp(`RoleName: ${role}\\n\\s+Path: /curfew/\\n`),
    );
    expect(read(name, "main.tf")).toMatch(new RegExp(`= "${role}"\\n\\s+path\\s+= "/curfew/"\\n`));
  });
});

/** Every operation that the adapters import from an SDK client, as IAM calls it. */
const operationsUsed = (client: string, service: string): string[] => {
  const sources = join(import.meta.dirname, "../../packages/aws/src");
  const imports = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [
      ...readFileSync(join(sources, file), "utf8").matchAll(
        new RegExp(`import \\{([^}]*)\\} from "@aws-sdk/${client}"`, "g"),
      ),
    ])
    .flatMap(([, names = ""]) => names.split(","));
  const operations = imports.flatMap(
    (name) => /^(?:paginate(\w+)|(\w+)Command)$/.exec(name.trim())?.slice(1) ?? [],
  );
  return [...new Set(operations.filter(Boolean).map((operation) => `${service}:${operation}`))];
};

test.each([
  ["client-sso-admin", "sso", "connector-identity-center"],
  ["client-identitystore", "identitystore", "connector-identity-center"],
])("what the adapters call with %s is allowed", (client, service, connector) => {
  const used = operationsUsed(client, service);
  expect(used.length).toBeGreaterThan(1);
  expect(Object.values(inTemplate(connector)).flat()).toEqual(expect.arrayContaining(used));
});
