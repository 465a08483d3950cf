/** `npm run synth`: writes packages/sandbox/deployment.json, from which the sandbox boots. */
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { root } from "./install-platform.ts";
import { synthesize } from "./synthesize.ts";

const file = join(root, "packages", "sandbox", "deployment.json");
const deployment = await synthesize({ stage: "sandbox" }).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
await writeFile(file, `${JSON.stringify(deployment, null, 2)}\n`);
console.log(`Wrote ${relative(root, file)}: ${deployment.resources.length} resources.`);
