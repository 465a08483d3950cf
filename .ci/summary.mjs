/**
 * Prints `N passed, N failed` for a run of vitest, and exits with 1 if anything failed.
 *
 * Usage: node summary.mjs <vitest's JSON report> <vitest's exit code> <other failures>
 */
import { readFileSync } from "node:fs";

const [report = "", exitCode = "1", others = "0"] = process.argv.slice(2);

/** Passed and failed tests; a file that failed without running a test counts as one. */
function count() {
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  let passed = 0;
  let failed = 0;
  for (const file of testResults) {
    const statuses = file.assertionResults.map((test) => test.status);
    const failures = statuses.filter((status) => status === "failed").length;
    passed += statuses.filter((status) => status === "passed").length;
    failed += failures === 0 && file.status === "failed" ? 1 : failures;
  }
  return { passed, failed };
}

let { passed, failed } = { passed: 0, failed: 0 };
try {
  ({ passed, failed } = count());
} catch (error) {
  console.error(`No report of the tests: ${error.message}`);
}
// Vitest also fails when it did not start, or on an error outside any test.
if (exitCode !== "0" && failed === 0) failed = 1;
// And a run without a single test has proved nothing.
if (passed + failed === 0) failed = 1;

failed += Number(others);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
