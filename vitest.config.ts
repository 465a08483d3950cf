import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** Proofs that take minutes: `npm run test:long`, and every run of `.ci/run`. */
const long = [
  "test/e2e/kills.test.ts",
  "test/e2e/four-ways.test.ts",
  "test/e2e/faults.test.ts",
  "test/e2e/former-integrations.test.ts",
  "test/bench/load.test.ts",
];

/** The model's 20,000 plans: `npm run test:plans`, and every run of `.ci/run`. */
const plans = ["test/model/many-plans-*.test.ts"];

/** What tests need that only compute: every core, and no new process and no new import of the same modules for each file. A busy machine makes none of them fail. */
const computing = { maxWorkers: "100%", isolate: false, testTimeout: 30_000 };

/** What tests need that run the whole product. */
const product = {
  globalSetup: "test/support/bundle-once.ts",
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // Each file may start a sandbox with workers of its own: after the unit tests. Most of their time they wait for
  // a curfew, so there are more of them at a time than cores; many more would make curfews late (six did, on two cores).
  maxWorkers: 4,
  // They hold a whole product to real seconds. On a shared machine a second may be missing once; twice is a failure.
  retry: process.env.CI === undefined ? 0 : 1,
};

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/**/*.test.ts", "scripts/**/*.test.ts", "test/lint/**/*.test.ts"],
          ...computing,
        },
      },
      {
        test: {
          name: "model",
          include: ["test/model/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...plans],
          ...computing,
        },
      },
      // After the rest: it keeps every core busy for minutes.
      {
        test: { name: "plans", include: plans, ...computing, sequence: { groupOrder: 3 } },
      },
      {
        test: {
          // What runs the whole product, or evaluates the stacks with SST's platform.
          name: "system",
          include: ["test/**/*.test.ts", "stacks/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/lint/**", "test/model/**", ...long],
          ...product,
          sequence: { groupOrder: 1 },
        },
      },
      { test: { name: "long", include: long, ...product, sequence: { groupOrder: 2 } } },
    ],
  },
});
