import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const acmes = join(import.meta.dirname, "../../curfew.config.ts");

/** Writes a configuration outside of the repository: Acme's, changed by an expression over `acme`. */
export const writeConfiguration = async (folder: string, expression: string): Promise<string> => {
  const file = join(folder, "other.config.ts");
  await writeFile(
    file,
    `import { defineConfig } from "@curfew/core";
import acme from ${JSON.stringify(acmes)};
export default defineConfig(${expression});
`,
  );
  return file;
};
