import { setTimeout as pause } from "node:timers/promises";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { publicHandler } from "./http/api-handler.ts";
import { taskHandler } from "./task-handler.ts";

/** The context of an invocation that Lambda would end in 20 ms. */
const shortOfTime = (): Context => {
  const end = Date.now() + 20;
  return { getRemainingTimeInMillis: () => Math.max(0, end - Date.now()) } as Context;
};

describe("an invocation that runs out of time is left to Lambda to end, so that nothing goes on behind an answer", () => {
  it("of a state of the workflow", async () => {
    const handler = taskHandler(z.unknown(), () => pause(60, "done"));
    expect(await handler({}, shortOfTime())).toBe("done");
  });

  it("of a route", async () => {
    const handler = publicHandler(() => pause(60, { status: 200, body: "done" }));
    const event = {} as APIGatewayProxyEventV2;
    expect(await handler(event, shortOfTime())).toMatchObject({ statusCode: 200 });
  });
});
