import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { workflowFunctions } from "./definition.ts";
import { ExecutionEnded, ScheduleEvent } from "./events.ts";
import { DeescalateInput, ExpiryTaskInput, TaskInput, TokenTaskInput } from "./schemas.ts";

/*
 * What running executions, schedules and rules of earlier deployments send to the newest functions. These files are never changed: whoever changes what is sent adds
 * a version, and all of them stay accepted.
 */

const folder = new URL("./testing/golden/", import.meta.url);
const Golden = z.array(z.strictObject({ function: z.string(), payload: z.unknown() }));

const schemas: Readonly<Record<string, z.ZodMiniType>> = {
  "await-approval": TokenTaskInput,
  "arm-revocation": TaskInput,
  escalate: TaskInput,
  "await-expiry": ExpiryTaskInput,
  deescalate: DeescalateInput,
  expire: ScheduleEvent,
  recover: ExecutionEnded,
};

const requestIn = (text: string): string | undefined => /req_\w{26}/.exec(text)?.[0];

describe.each(readdirSync(folder))("what functions were sent in %s", (file) => {
  const golden = Golden.parse(JSON.parse(readFileSync(new URL(file, folder), "utf8")));

  it("holds at least one payload of each function", () => {
    const sent = new Set(golden.map((entry) => entry.function));
    expect(sent).toEqual(new Set([...workflowFunctions, "expire", "recover"]));
  });

  it.each(golden.map((entry) => [entry.function, entry.payload] as const))(
    "is accepted by %s still",
    (name, payload) => {
      const parsed = schemas[name]?.parse(payload);
      expect(requestIn(JSON.stringify(parsed))).toBe(requestIn(JSON.stringify(payload)));
    },
  );

  it("keeps why an escalation failed, and the exact wait's timeout", () => {
    const parsed = golden.map((entry) => schemas[entry.function]?.parse(entry.payload));
    expect(parsed).toContainEqual(
      expect.objectContaining({ input: expect.objectContaining({ minute: { seconds: 60 } }) }),
    );
    expect(parsed).toContainEqual(
      expect.objectContaining({
        input: expect.objectContaining({
          error: expect.objectContaining({ Error: "EscalationFailed" }),
        }),
      }),
    );
  });
});
