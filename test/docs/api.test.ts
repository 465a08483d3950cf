import { readFileSync } from "node:fs";
import { errorCodes } from "@curfew/core";
import { expect, test } from "vitest";
import { statuses } from "../../packages/functions/src/http/problem.ts";
import { operations } from "../../packages/functions/src/openapi/operations.ts";

const text = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");

test("docs/api.md lists every error code with its status, and no other", () => {
  const documented = text
    .split("\n")
    .filter((line) => /^\| `[a-z-]+(\.[a-z-]+)?` \| \d/.test(line));
  const expected = Object.entries(errorCodes).map(
    ([code, { kind, title }]) => `| \`${code}\` | ${statuses[kind]} | ${title} |`,
  );
  expect(documented).toEqual(expected);
});

test("docs/api.md names every operation", () => {
  const missing = operations
    .map(({ route }) => route)
    .filter((route) => !text.includes(route) && !text.includes(`\`/${route.split("/").at(-1)}\``));
  expect(missing).toEqual([]);
});
