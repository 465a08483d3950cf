import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { Lockfile, missingFrom, systemsOf } from "./complete-lockfile.ts";

const lockfile: unknown = JSON.parse(
  await readFile(join(import.meta.dirname, "../package-lock.json"), "utf8"),
);

describe("systemsOf", () => {
  it.each([
    ["@biomejs/cli-darwin-arm64", { os: ["darwin"], cpu: ["arm64"] }],
    ["@biomejs/cli-linux-x64-musl", { os: ["linux"], cpu: ["x64"], libc: ["musl"] }],
    ["@oxc-parser/binding-linux-ppc64-gnu", { os: ["linux"], cpu: ["ppc64"], libc: ["glibc"] }],
    ["@oxc-parser/binding-win32-ia32-msvc", { os: ["win32"], cpu: ["ia32"] }],
  ])("reads %s", (name, systems) => {
    expect(systemsOf(name)).toEqual(systems);
  });

  it.each(["fsevents", "@example/native-linux", "@example/native-linux-pdp11"])(
    "refuses to guess at %s",
    (name) => {
      expect(() => systemsOf(name)).toThrow(name);
    },
  );

  it("agrees with what npm wrote about the packages it does have", () => {
    const Locked = z.object({ os: z.array(z.string()), cpu: z.array(z.string()) });
    const { packages } = z.object({ packages: z.record(z.string(), z.unknown()) }).parse(lockfile);
    const prefixes = /^node_modules\/(@biomejs\/cli|@oxc-parser\/binding)-(?!wasm)/;
    const known = Object.entries(packages).filter(([path]) => prefixes.test(path));
    expect(known.length).toBeGreaterThan(0);
    for (const [path, locked] of known) {
      expect(systemsOf(path.replace("node_modules/", ""))).toMatchObject(Locked.parse(locked));
    }
  });
});

describe("missingFrom", () => {
  const biome = { dev: true, optionalDependencies: { "@biomejs/cli-darwin-x64": "2.6.8" } };
  const darwin = { version: "2.6.8", os: ["darwin"], cpu: ["x64"], optional: true };

  it("finds an optional dependency that is locked nowhere", () => {
    expect(missingFrom({ packages: { "node_modules/biome": biome } })).toEqual({
      "node_modules/@biomejs/cli-darwin-x64": { ...darwin, dev: true },
    });
  });

  it("marks as for development only what its parent is", () => {
    const packages = { "node_modules/biome": { ...biome, dev: false } };
    expect(missingFrom({ packages })).toEqual({ "node_modules/@biomejs/cli-darwin-x64": darwin });
  });

  it.each(["", "node_modules/a/", "node_modules/a/node_modules/biome/"])(
    "leaves one alone that is locked in %snode_modules",
    (folder) => {
      const packages = {
        "node_modules/a/node_modules/biome": biome,
        [`${folder}node_modules/@biomejs/cli-darwin-x64`]: {},
      };
      expect(missingFrom({ packages })).toEqual({});
    },
  );

  it("does not take a neighbour's copy for one's own", () => {
    const packages = {
      "node_modules/biome": biome,
      "node_modules/other/node_modules/@biomejs/cli-darwin-x64": {},
    };
    expect(Object.keys(missingFrom({ packages }))).toEqual([
      "node_modules/@biomejs/cli-darwin-x64",
    ]);
  });

  it("refuses a range of versions", () => {
    const optionalDependencies = { "@biomejs/cli-darwin-x64": "^2.6.8" };
    expect(() => missingFrom({ packages: { biome: { optionalDependencies } } })).toThrow("^2.6.8");
  });
});

it("package-lock.json is complete (else run `npm run lockfile`)", () => {
  expect(Object.keys(missingFrom(Lockfile.parse(lockfile)))).toEqual([]);
});
