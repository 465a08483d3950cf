import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bundle, bundleFunctions } from "../../packages/sandbox/src/lambda/bundles.ts";
import { stateFolder } from "../support/sandbox.ts";

const root = join(import.meta.dirname, "../..");
const steps = ["escalate", "deescalate"];

/** What stands in the repository's configuration and nowhere else. */
const configured = "login.acme.example";

/** What only the client of a strategy's service has in it. */
const clients = { "aws-sso": "SWBExternalService", "aws-lambda": "2015-03-31/functions" };

let folder: Awaited<ReturnType<typeof stateFolder>>;
let bundles: Map<string, Bundle>;

beforeAll(async () => {
  folder = await stateFolder();
  const sources = Object.keys(clients).flatMap((strategy) =>
    steps.map((step) => ({
      name: `${step}-${strategy}`,
      handler: `packages/functions/src/workflow/${step}-${strategy}.handler`,
      nodejs: {},
    })),
  );
  bundles = await bundleFunctions({ root, directory: join(folder.path, "bundles") }, sources);
});

afterAll(() => folder.remove());

const codeOf = (name: string): Promise<string> => readFile(bundles.get(name)?.file ?? "", "utf8");

test.each(Object.keys(clients))(
  "functions of %s carry the client of no other strategy",
  async (strategy) => {
    for (const step of steps) {
      const code = await codeOf(`${step}-${strategy}`);
      const carried = Object.entries(clients).filter(([, mark]) => code.includes(mark));
      expect(carried.map(([name]) => name)).toEqual([strategy]);
    }
  },
);

test.each(Object.keys(clients))(
  "what takes access of %s away needs no configuration",
  async (strategy) => {
    expect(await codeOf(`escalate-${strategy}`)).toContain(configured);
    expect(await codeOf(`deescalate-${strategy}`)).not.toContain(configured);
  },
);
