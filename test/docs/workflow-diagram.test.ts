import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { renderDiagram } from "@curfew/workflow";
import { expect, it } from "vitest";
import { aDefinition } from "../../packages/workflow/src/testing/fixtures.ts";

const page = join(import.meta.dirname, "../../docs/concepts.md");

it("docs/concepts.md draws the workflow as it is", async () => {
  const diagram = renderDiagram(aDefinition()).trim();
  expect(await readFile(page, "utf8")).toContain(`\`\`\`mermaid\n${diagram}\n\`\`\``);
});
