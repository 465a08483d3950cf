import { setTimeout as pause } from "node:timers/promises";
import type { Context } from "aws-lambda";
import { expect, it } from "vitest";
import * as z from "zod/mini";
import { taskHandler } from "./task-handler.ts";

it("leaves an attempt that runs out of time to Lambda to end: nothing may go on behind an answer", async () => {
  const end = Date.now() + 20;
  const context = { getRemainingTimeInMillis: () => Math.max(0, end - Date.now()) } as Context;
  const handler = taskHandler(z.unknown(), async () => {
    await pause(60);
    return "done";
  });
  expect(await handler({}, context)).toBe("done");
});
