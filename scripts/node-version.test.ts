import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { complainAbout } from "./node-version.mjs";

const guard = join(import.meta.dirname, "node-version.mjs");

/** The first Node on the PATH that is too old, such as a system's own; undefined if there is none. */
function findOldNode(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = folders
    .map((folder) => join(folder, "node"))
    .filter((node) => existsSync(node));
  return candidates.find((node) => {
    const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
    return Number.parseInt(stdout.slice(1), 10) < 24;
  });
}

describe("the guard against an old Node", () => {
  it.each(["18.19.0", "20.20.2", "23.11.1"])(
    "complains about %s and says what to do",
    (version) => {
      const complaint = complainAbout(version, "/usr/bin/node");
      expect(complaint).toContain(`Node ${version} (/usr/bin/node)`);
      expect(complaint).toContain("npm ci");
      expect(complaint).toContain("npm start");
    },
  );

  it.each(["24.0.0", "24.21.0", "26.1.0"])("is content with %s", (version) => {
    expect(complainAbout(version, "/usr/bin/node")).toBeUndefined();
  });

  it("lets this Node through", () => {
    const { status, stdout } = run(process.execPath);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "ran\n" });
  });

  const oldNode = findOldNode();
  it.skipIf(!oldNode)("stops an old Node before it reads anything else", () => {
    const { status, stdout, stderr } = run(oldNode ?? "");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("Curfew needs Node 24");
    expect(stderr).not.toContain("    at ");
  });

  function run(node: string): { status: number | null; stdout: string; stderr: string } {
    const args = ["--import", guard, "--eval", "console.log('ran')"];
    return spawnSync(node, args, { encoding: "utf8", env: { PATH: process.env.PATH } });
  }
});
