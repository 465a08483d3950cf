/** `npm run synth`: writes packages/sandbox/deployment.json, from which the sandbox boots. */
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { root } from "./install-platform.ts";
import { synthesize } from "./synthesize.ts";

const file = join(root, "packages", "sandbox", "deployment.json");
const deployment = await synthesize({ stage: "sandbox" });
await writeFile(file, `${JSON.stringify(deployment, null, 2)}\n`);
console.log(`Wrote ${relative(root, file)}: ${deployment.resources.length} resources.`);
