import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { synthesize } from "../../scripts/synth/synthesize.ts";
import { deploymentFile, graph } from "./graph.ts";

/** Every string in a value, with the path that leads to it. */
const stringsIn = (value: unknown, path = ""): string[] => {
  if (typeof value === "string") return [`${path}: ${value}`];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => stringsIn(item, `${path}/${key}`));
};

test("deployment.json is what the stacks declare (if not: npm run synth)", async () => {
  const synthesized = await synthesize({ stage: "sandbox" });
  expect(`${JSON.stringify(synthesized, null, 2)}\n`).toBe(await readFile(deploymentFile, "utf8"));
});

test("no value is made of something that was undefined", () => {
  const strings = stringsIn(graph);
  expect(strings.length).toBeGreaterThan(100);
  expect(strings.filter((text) => /undefined|\[object |\bNaN\b/.test(text))).toEqual([]);
});

test("everything has a fixed name", () => {
  // scripts/synth/bundle.ts puts `unnamed` where SST would put a random suffix.
  expect(stringsIn(graph).filter((text) => text.includes("unnamed"))).toEqual([]);
});

test("a production stage keeps its table, and is named apart from the sandbox", async () => {
  const { resources } = await synthesize({ stage: "production" });
  const table = resources.find(({ type }) => type === "aws:dynamodb/table:Table");
  expect(table?.properties).toMatchObject({
    name: "curfew-production",
    deletionProtectionEnabled: true,
  });
  expect(stringsIn(resources).filter((text) => text.includes("curfew-sandbox"))).toEqual([]);
});
