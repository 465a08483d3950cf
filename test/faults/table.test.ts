import { expect, it } from "vitest";
import type { FaultKind } from "./fault-kinds.ts";
import type { Result } from "./matrix.ts";
import { lanesFor, minutes, timeLeft } from "./progress.ts";
import { tableOf } from "./table.ts";

const result = (nth: number, kind: FaultKind, change: Partial<Result> = {}): Result => ({
  point: {
    cycle: "group",
    function: "escalate-aws_sso",
    service: "sns",
    operation: "Publish",
    nth,
    kind,
  },
  broken: [],
  struck: true,
  status: "ended",
  lag: 2,
  ...change,
});

it("counts what was kept of what was struck, and names the rest", () => {
  const table = tableOf([
    result(0, "throttled"),
    result(1, "throttled", { broken: ["(d) why"], status: "failed", lag: 30 }),
    result(1, "500 after", { struck: false }),
  ]);
  const lines = table.split("\n");
  expect(lines).toContain(
    "| group | `escalate-aws_sso` | sns:Publish | 1/2 | - | - | - | - | - | - | - | - |",
  );
  expect(lines).toContain(
    "| group | `escalate-aws_sso` | 2 | 1/2 | - | - | - | - | - | - | - | - |",
  );
  expect(lines).toContain(
    "2 points struck, 1 were not reached; 1 left something behind or broke a rule.",
  );
  expect(lines).toContain("Requests: 1 ended, 1 failed.");
  expect(lines).toContain("not reached: group: escalate-aws_sso sns:Publish[1] 500 after");
  expect(lines).toContain("BROKEN group: escalate-aws_sso sns:Publish[1] throttled: (d) why");
  expect(table).toContain("30.0 s (longest)");
});

it("tells how long it takes", () => {
  expect(minutes(200_400)).toBe("3 min 20 s");
  expect(timeLeft(10, 40, 30_000)).toBe("1 min 30 s");
});

it("runs as many sandboxes as there is room for", () => {
  expect(lanesFor(2, 24e9)).toBe(10);
  expect(lanesFor(8, 3.5e9)).toBe(3);
  expect(lanesFor(1, 1e8)).toBe(1);
});
