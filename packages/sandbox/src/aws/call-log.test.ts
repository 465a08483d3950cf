import { expect, it } from "vitest";
import { createCallLog } from "./call-log.ts";

it("remembers the last calls only, oldest first", () => {
  const log = createCallLog(3);
  for (let call = 0; call < 10; call += 1) {
    log.record({
      at: "2026-01-01T00:00:00.000Z",
      service: "sts",
      operation: `Operation${call}`,
      caller: "-",
      requestId: String(call),
      outcome: "ok",
    });
  }
  expect(log.calls().map(({ operation }) => operation)).toEqual([
    "Operation7",
    "Operation8",
    "Operation9",
  ]);
});
