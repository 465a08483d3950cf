import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";

/*
 * The linter's globs are easy to get wrong in ways that let everything pass: `*` does not cross a
 * slash, and of two overrides that match a file the later one replaces the options of the first.
 * So each rule is tried on the real linter with the real biome.json, in one run over a folder of
 * one-line files.
 */

const root = join(import.meta.dirname, "../..");

interface Case {
  /** Where the import stands. */
  file: string;
  /** Specifiers that the linter refuses there. */
  refuses: string[];
  /** Specifiers that it accepts there. */
  accepts: string[];
}

const cases: Case[] = [
  {
    file: "packages/core/src/lease.ts",
    refuses: [
      "@curfew/aws",
      "@curfew/core",
      "zod",
      "ulid",
      "node:crypto",
      "vitest",
      "../../aws/src/table.ts",
      "../../../stacks/table.ts",
      "../../../curfew.config.ts",
    ],
    accepts: ["zod/mini", "zod/locales", "./request.ts", "../errors.ts"],
  },
  {
    file: "packages/core/src/policy/eligibility.ts",
    refuses: ["../../../aws/src/table.ts", "../../../../curfew.config.ts"],
    accepts: ["../request.ts", "../../package.json"],
  },
  {
    file: "packages/core/src/lease.test.ts",
    refuses: ["@curfew/aws", "@curfew/sandbox", "zod", "ulid", "../../aws/src/table.ts"],
    accepts: ["vitest", "fast-check", "node:fs", "zod/mini", "./testing/builders.ts"],
  },
  {
    file: "packages/workflow/src/definition.ts",
    refuses: ["@curfew/aws", "@curfew/core/src/lease.ts", "zod", "asl-validator", "fast-check"],
    accepts: ["@curfew/core", "zod/mini", "./states.ts"],
  },
  {
    file: "packages/workflow/src/definition.test.ts",
    refuses: ["@curfew/aws", "@curfew/sandbox"],
    accepts: ["@curfew/core", "@curfew/core/testing", "vitest", "fast-check", "asl-validator"],
  },
  {
    file: "packages/aws/src/table.ts",
    refuses: [
      "@curfew/workflow",
      "@curfew/functions",
      "@curfew/core/testing",
      "@middy/core",
      "sst",
      "zod",
      "vitest",
    ],
    accepts: [
      "@curfew/core",
      "@aws-sdk/client-sfn",
      "ulid",
      "zod/mini",
      "node:crypto",
      "./keys.ts",
    ],
  },
  {
    file: "packages/aws/src/table.test.ts",
    refuses: ["@curfew/functions", "@curfew/sandbox"],
    accepts: ["@curfew/core/testing", "@aws-sdk/client-sfn", "vitest", "node:fs/promises"],
  },
  {
    file: "packages/functions/src/api/approve-request.ts",
    refuses: [
      "@curfew/sandbox",
      "@aws-sdk/client-sfn",
      "zod",
      "@curfew/aws/src/table.ts",
      "../../../sandbox/src/main.ts",
      "../../../../stacks/api.ts",
      "../../../../curfew.config.ts",
    ],
    accepts: [
      "@curfew/core",
      "@curfew/workflow",
      "@curfew/aws",
      "@middy/core",
      "@aws-lambda-powertools/logger",
      "sst",
      "zod/mini",
      "../deps.ts",
    ],
  },
  {
    file: "packages/functions/src/api/approve-request.test.ts",
    refuses: ["@curfew/sandbox", "../../../../curfew.config.ts"],
    accepts: ["@curfew/core", "@middy/core", "vitest", "fast-check", "./approve-request.ts"],
  },
  {
    file: "packages/functions/src/config.ts",
    refuses: ["@curfew/sandbox", "zod", "../../../stacks/config.ts"],
    accepts: ["../../../curfew.config.ts", "@curfew/core", "zod/mini"],
  },
  {
    file: "packages/sandbox/src/main.ts",
    refuses: [
      "@curfew/functions",
      "@curfew/aws",
      "@curfew/core/src/lease.ts",
      "../../functions/src/deps.ts",
      "../../../stacks/api.ts",
      "../../../curfew.config.ts",
    ],
    accepts: ["@curfew/core", "@curfew/workflow", "dynalite", "node:http", "./endpoint.ts"],
  },
  {
    file: "packages/cli/src/main.ts",
    refuses: ["@curfew/core", "@curfew/sandbox", "../../core/src/index.ts"],
    accepts: ["zod", "node:process", "./client.ts"],
  },
  {
    file: "packages/console/src/main.ts",
    refuses: ["@curfew/core", "../../cli/src/client.ts"],
    accepts: ["preact", "./client.ts"],
  },
  {
    file: "stacks/api.ts",
    refuses: [
      "@curfew/functions",
      "@curfew/sandbox",
      "../packages/functions/src/deps.ts",
      "../curfew.config.ts",
    ],
    accepts: ["@curfew/core", "@curfew/workflow", "./table.ts"],
  },
  {
    file: "stacks/config.ts",
    refuses: ["@curfew/sandbox"],
    accepts: ["../curfew.config.ts", "@curfew/core"],
  },
  { file: "sst.config.ts", refuses: ["./curfew.config.ts"], accepts: ["./stacks/api.ts"] },
  {
    file: "test/scenarios/extend.test.ts",
    refuses: ["../../curfew.config.ts"],
    accepts: ["@curfew/sandbox", "vitest"],
  },
];

/** Every way to import: a rule that sees only some of them can be walked around. */
const forms: Record<string, (specifier: string) => string> = {
  static: (specifier) => `import * as it from "${specifier}";`,
  "type-only": (specifier) => `import type * as it from "${specifier}";`,
  dynamic: (specifier) => `await import("${specifier}");`,
  "re-exporting": (specifier) => `export * from "${specifier}";`,
};

/** What is bundled into functions uses the small build of zod. */
const zodOf = (file: string): string =>
  /^packages\/(core|workflow|aws|functions)\//.test(file) ? "zod/mini" : "zod";

const namedZod = (file: string): string[] => [
  `import { z } from "${zodOf(file)}";`,
  `import z from "${zodOf(file)}";`,
  `import type { infer as Infer } from "${zodOf(file)}";`,
  `export { z } from "${zodOf(file)}";`,
];

/** The lines of one linted file, and the lines (from 0) that the linter refused. */
interface Linted {
  lines: string[];
  refused: Set<number>;
}

const Report = z.object({
  summary: z.object({ skipped: z.literal(0), diagnosticsNotPrinted: z.literal(0) }),
  diagnostics: z.array(
    z.object({
      category: z.literal("lint/style/noRestrictedImports"),
      location: z.object({ path: z.string(), start: z.object({ line: z.number() }) }),
    }),
  ),
});

/** Runs the linter once over files that hold one import a line. */
async function lint(files: Map<string, string[]>): Promise<Map<string, Linted>> {
  const folder = await mkdtemp(join(tmpdir(), "curfew-lint-"));
  try {
    for (const file of ["biome.json", ".gitignore"]) await cp(join(root, file), join(folder, file));
    for (const [file, lines] of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), lines.join("\n"));
    }
    const { stdout } = await promisify(execFile)(
      join(root, "node_modules/.bin/biome"),
      [
        "lint",
        "--only=style/noRestrictedImports",
        "--max-diagnostics=none",
        "--reporter=json",
        ".",
      ],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
    ).catch((failed: { stdout: string }) => failed); // it exits with 1: there is much to refuse
    const { diagnostics } = Report.parse(JSON.parse(stdout));
    return new Map(
      Array.from(files, ([file, lines]) => {
        const own = diagnostics.filter(({ location }) => location.path === file);
        return [file, { lines, refused: new Set(own.map((d) => d.location.start.line - 1)) }];
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the linter says of `line` in `file`. */
function verdict(linted: Map<string, Linted>, file: string, line: string): string {
  const { lines, refused } = linted.get(file) ?? expect.fail(`${file} was not linted`);
  return refused.has(lines.indexOf(line)) ? "refused" : "accepted";
}

describe("import directions", () => {
  let linted: Map<string, Linted>;

  beforeAll(async () => {
    const files = new Map<string, string[]>();
    for (const { file, refuses, accepts } of cases) {
      const lines = [...refuses, ...accepts].flatMap((specifier) =>
        Object.values(forms).map((form) => form(specifier)),
      );
      files.set(file, [...lines, ...namedZod(file)]);
    }
    linted = await lint(files);
  });

  describe.each(cases)("$file", ({ file, refuses, accepts }) => {
    it.each(refuses)("refuses %s", (specifier) => {
      for (const [name, form] of Object.entries(forms)) {
        expect(verdict(linted, file, form(specifier)), name).toBe("refused");
      }
    });

    it.each(accepts)("accepts %s", (specifier) => {
      for (const [name, form] of Object.entries(forms)) {
        expect(verdict(linted, file, form(specifier)), name).toBe("accepted");
      }
    });

    it.each(namedZod(file))("refuses %s", (line) => {
      expect(verdict(linted, file, line)).toBe("refused");
    });
  });
});
