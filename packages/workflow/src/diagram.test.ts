import { describe, expect, it } from "vitest";
import { renderDiagram } from "./diagram.ts";
import { aDefinition } from "./testing/fixtures.ts";
import { edgesOf } from "./testing/graph.ts";

const lines = renderDiagram(aDefinition()).split("\n");

describe("the diagram", () => {
  it("begins at Route and ends at Done", () => {
    expect(lines[0]).toBe("stateDiagram-v2");
    expect(lines).toContain("  [*] --> Route");
    expect(lines).toContain("  Done --> [*]");
  });

  it("names every state as the workflow does", () => {
    expect(lines).toContain(`  state "Wait out the minute" as Wait_out_the_minute`);
    expect(lines).toContain(`  state "Due?" as Due`);
  });

  it("has an arrow for every way, with what takes it", () => {
    const ways = Object.values(aDefinition().States).flatMap(edgesOf);
    // One arrow into the first state, and one out of the last.
    expect(lines.filter((line) => line.includes("-->"))).toHaveLength(ways.length + 2);
    expect(lines).toContain("  Route --> Wait_for_approval: $.enter = approval");
    expect(lines).toContain("  Route --> Deescalate: otherwise");
    expect(lines).toContain("  Decided --> Done: NotApproved");
    expect(lines).toContain("  Escalate --> Deescalate: any error");
    expect(lines).toContain("  Pause_before_deescalation --> Deescalate: after 3 s");
    expect(lines).toContain("  Wait_for_start --> Arm_revocation: at $.startAt");
    expect(lines).toContain("  Due --> Done: $.expiry.due = true");
  });
});
