import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BundleSource, bundleFunctions } from "./bundles.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "curfew-bundles-"));
  write("curfew.config.ts", `export default "theirs";`);
  write("shared.ts", `export class Lost extends Error {} export const shared = 1;`);
  write(
    "api/one.ts",
    `import { shared } from "../shared.ts"; export const handler = () => shared;`,
  );
  write(
    "api/two.ts",
    `import config from "../curfew.config.ts"; import { Lost } from "../shared.ts";
     export const handler = () => [config, Lost.name, typeof require, typeof __dirname];`,
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, content: string): void => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), content);
};
const source = (name: string, nodejs: Record<string, unknown> = {}): BundleSource => ({
  name: `curfew-${name}`,
  handler: `api/${name}.handler`,
  nodejs,
});
const bundle = (sources: BundleSource[], config?: string) =>
  bundleFunctions({ root, directory: join(root, "out"), config }, sources);

let loads = 0;
const run = async (name: string): Promise<unknown> => {
  loads += 1;
  const url = pathToFileURL(join(root, "out", `curfew-${name}.mjs`));
  const module: { handler: () => unknown } = await import(`${url.href}?${loads}`);
  return module.handler();
};
const builtAt = (name: string): number => statSync(join(root, "out", `curfew-${name}.mjs`)).mtimeMs;

describe("bundles", () => {
  it("hold each function alone, as SST would ship it", async () => {
    const bundles = await bundle([source("one"), source("two")]);
    expect(bundles.get("curfew-one")).toEqual({
      file: join(root, "out", "curfew-one.mjs"),
      exportName: "handler",
    });
    expect(await run("one")).toBe(1);
    expect(await run("two")).toEqual(["theirs", "Lost", "function", "string"]);
  });

  it("keep the names of classes when minified, which the workflow matches on", async () => {
    await bundle([source("one"), source("two", { minify: true })]);
    expect(await run("two")).toEqual(["theirs", "Lost", "function", "string"]);
    expect(readFileSync(join(root, "out", "curfew-two.mjs"), "utf8")).not.toContain("class Lost");
  });

  it("take another configuration in the place of curfew.config.ts", async () => {
    write("mine.ts", `export default "mine";`);
    await bundle([source("two")], join(root, "mine.ts"));
    expect(await run("two")).toEqual(["mine", "Lost", "function", "string"]);
  });

  it("let another configuration change only some of curfew.config.ts", async () => {
    write(
      "mine.ts",
      `import config from "${join(root, "curfew.config.ts")}"; export default "not " + config;`,
    );
    await bundle([source("two")], join(root, "mine.ts"));
    expect(await run("two")).toEqual(["not theirs", "Lost", "function", "string"]);
  });

  it("are not built again while nothing has changed", async () => {
    await bundle([source("one")]);
    const before = builtAt("one");
    await bundle([source("one")]);
    expect(builtAt("one")).toBe(before);
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      "a module changes",
      () => {
        write("shared.ts", "export const shared = 2;");
        return bundle([source("one")]);
      },
    ],
    [
      "npm installs something else",
      () => {
        write("package-lock.json", "{}");
        return bundle([source("one")]);
      },
    ],
    ["an option changes", () => bundle([source("one", { minify: true })])],
    ["a function is added", () => bundle([source("one"), source("two")])],
    [
      "another configuration is asked for",
      () => bundle([source("one")], join(root, "curfew.config.ts")),
    ],
  ])("are built again when %s", async (_what, again) => {
    await bundle([source("one")]);
    const before = builtAt("one");
    await again();
    expect(builtAt("one")).not.toBe(before);
  });

  it("that failed are not taken for finished ones", async () => {
    await bundle([source("one")]);
    write("shared.ts", "export const shared = ;");
    await expect(bundle([source("one")])).rejects.toThrow(/shared\.ts:1/);
    await expect(bundle([source("one")])).rejects.toThrow(/shared\.ts:1/);
  });

  it("name an error of a shared module once", async () => {
    write("other.ts", "export const other = 1;");
    write(
      "shared.ts",
      `import { gone } from "./other.ts"; export class Lost extends Error {} export const shared = gone;`,
    );
    await expect(bundle([source("one"), source("two")])).rejects.toThrow(
      /^the functions do not compile:\nshared\.ts:1:\d+: [^\n]+$/,
    );
  });

  it("say which handler is missing", async () => {
    await expect(bundle([source("three")])).rejects.toThrow(
      "curfew-three: handler not found: api/three.handler",
    );
  });

  it("refuse an option that they would not honour", async () => {
    await expect(bundle([source("one", { splitting: true })])).rejects.toThrow("splitting");
  });
});
