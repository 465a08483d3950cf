import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Which files of test/ wait the longest. */
const longest = [
  "e2e/kills.test.ts",
  "faults/sample.test.ts",
  "e2e/former-integrations.test.ts",
  "e2e/lambda-targets.test.ts",
  "e2e/races.test.ts",
  "e2e/bad-luck.test.ts",
  "e2e/drain.test.ts",
  "e2e/faults.test.ts",
  "e2e/never-gives-up.test.ts",
  "e2e/time-lapse.test.ts",
];

const rank = ({ moduleId }: TestSpecification): number => {
  const index = longest.findIndex((file) => moduleId.endsWith(`/test/${file}`));
  return index === -1 ? longest.length : index;
};

/** Begins with the files that wait the longest, so that none of them is waited for alone in the end. In a fresh clone vitest does not know them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
