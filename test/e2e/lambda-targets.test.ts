import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import type { RequestView } from "../support/client.ts";
import { waitFor } from "../support/sandbox.ts";
import { useSandbox } from "../support/use-sandbox.ts";

const Invocation = z.object({
  function: z.string(),
  at: z.iso.datetime(),
  payload: z.looseObject({
    id: z.string(),
    run: z.looseObject({ srn: z.string() }),
    event: z.looseObject({ type: z.string(), timestamp: z.string() }),
    fields: z.looseObject({ deescalate_type: z.string().optional() }),
  }),
  answer: z.unknown(),
  error: z.unknown(),
});

const errorsOfNoisy = [
  "The database orders has no role db_admin.",
  "The database customers cannot be reached.",
  "Ask the database team.",
];

describe("a customer's function", () => {
  const bench = useSandbox();
  /** Asked for at once, because they take their time. */
  let [slow, crash]: RequestView[] = [];

  beforeAll(async () => {
    [slow, crash] = [await ask("slow"), await ask("crash", "30s")];
  });

  const ask = async (target: string, duration = "2s"): Promise<RequestView> => {
    const body = { flow: "database-admin", target, duration, reason: "Ticket 123" };
    const { status, body: made } = await bench.api.call("alice", "POST", "/requests", body);
    expect(status).toBe(202);
    return z.custom<RequestView>().parse(made);
  };

  const invocations = async (name: string) => {
    const answer = await fetch(`${bench.sandbox.apiUrl}/sandbox/invocations?function=${name}`);
    return z.object({ invocations: z.array(Invocation) }).parse(await answer.json()).invocations;
  };

  /** What was told about the request under this event, once it was. */
  const notificationOf = async (id: string, event: string) => {
    const find = async () =>
      (await bench.api.inbox()).find(
        ({ message }) => message.event === event && message.id.startsWith(id),
      );
    await waitFor(`${event} in the inbox`, 5_000, async () => (await find()) !== undefined);
    return find();
  };

  const events = ({ history }: RequestView): string[] => history.map(({ event }) => event);

  it("is told to give the access and to take it away, in the agreed form", async () => {
    const { id } = await ask("db-admin");
    const active = await bench.api.until("alice", id, "active");
    const escalated = { body: { role: "db_admin" }, errors: [] };
    expect(active).toMatchObject({ outputs: { escalate: escalated, deescalate: null } });
    const ended = await bench.api.until("alice", id, "ended");
    expect(ended.endReason).toBe("expired");
    expect(ended).toMatchObject({
      outputs: { escalate: escalated, deescalate: { body: { done: "deescalate" }, errors: [] } },
    });

    const [escalate, deescalate, ...more] = await invocations("db-admin");
    expect(more).toEqual([]);
    const alice = {
      user: expect.stringMatching(/^acme:user:[0-9a-f-]{36}:latest$/),
      name: "",
      username: "alice@acme.example",
      identity: expect.objectContaining({ service: "aws_identity_center" }),
    };
    expect(escalate?.payload).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-/),
      meta: { schema_version: 6, idempotency_key: escalate?.payload.id },
      state: { status: "processing", errors: [] },
      run: {
        srn: expect.stringMatching(/^acme:run:database-admin:1\.0\.0:[0-9a-f-]{36}$/),
        flow: "acme:flow:database-admin:1.0.0",
        actors: { prompt: alice, request: alice },
      },
      event: {
        srn: "sym:event-spec:approval:1.0.0:escalate",
        type: "escalate",
        template: "sym:template:approval:1.0.0",
        timestamp: expect.any(String),
        channel: "api",
      },
      actor: alice,
      fields: {
        reason: "Ticket 123",
        duration: 2,
        target_id: expect.any(String),
        target: expect.objectContaining({ name: "db-admin", type: "aws_lambda_function" }),
      },
      type: "event",
    });
    expect(deescalate?.payload).toMatchObject({
      run: {
        srn: escalate?.payload.run.srn,
        outputs: { escalate: { body: { role: "db_admin" }, errors: [] } },
        actors: { request: alice, deescalate: { username: "curfew" } },
      },
      event: { type: "deescalate", channel: "internal" },
      actor: { username: "curfew" },
      fields: { deescalate_type: "scheduled" },
    });
    expect(deescalate?.payload.id).not.toBe(escalate?.payload.id);
  });

  it("is told when somebody ends the access before its time", async () => {
    const { id } = await ask("db-admin", "1h");
    await bench.api.until("alice", id, "active");
    await bench.api.call("alice", "POST", `/requests/${id}/revoke`);
    await bench.api.until("alice", id, "ended");
    expect((await invocations("db-admin")).at(-1)?.payload).toMatchObject({
      actor: { username: "alice@acme.example" },
      fields: { deescalate_type: "released" },
    });
  });

  it("that answers with errors is asked at once to take back what it gave", async () => {
    const { id } = await ask("noisy", "1h");
    const failed = await bench.api.until("alice", id, "failed");
    expect(failed.errors).toEqual(errorsOfNoisy);
    expect(events(failed)).not.toContain("access.granted");
    expect((await invocations("noisy")).map(({ payload }) => payload.event.type)).toEqual([
      "escalate",
      "deescalate",
    ]);
    const told = await notificationOf(id, "answer.errors");
    expect(told?.topic).toContain("errors");
    const bullets = errorsOfNoisy.map((error) => `\n• ${error}`).join("");
    expect(String(told?.message.text)).toContain(bullets);
  });

  it("that answers nothing is warned of, and the access goes its way", async () => {
    const { id } = await ask("silent");
    const ended = await bench.api.until("alice", id, "ended");
    expect(events(ended)).toContain("access.granted");
    const told = await notificationOf(id, "answer.malformed");
    expect(told?.topic).toContain("errors");
    expect(told?.attributes.severity).toBe("warning");
    expect(String(told?.message.text)).toContain("docs/lambda-targets.md#");
  });

  it("that takes its time is waited for", async () => {
    const ended = await bench.api.until("alice", slow?.id ?? "", "ended", 40_000);
    const output = { body: { waited: "10s" }, errors: [] };
    expect(ended).toMatchObject({ outputs: { escalate: output, deescalate: output } });
    expect(await invocations("slow")).toHaveLength(2);
  });

  it("that crashes is asked four times to take back what it may have given", async () => {
    const id = crash?.id ?? "";
    const failed = await bench.api.until("alice", id, "failed", 90_000);
    expect(failed.errors).toEqual([
      "AWSLambda:FATAL_FUNCTION_ERROR: The function crashed or did not answer in time.",
    ]);
    expect(JSON.stringify(failed)).not.toContain("refused");
    expect(events(failed)).not.toContain("access.granted");
    const calls = await invocations("crash");
    expect(calls.map(({ payload }) => payload.event.type)).toEqual([
      "escalate",
      ...Array(4).fill("deescalate"),
    ]);
    expect(new Set(calls.slice(1).map(({ payload }) => payload.id)).size).toBe(1);
    expect(calls[1]?.payload.fields.deescalate_type).toBe("failed");
    const told = await notificationOf(id, "request.failed");
    expect(told?.attributes.severity).toBe("critical");
    expect(told?.topic).toContain("errors");
    expect(told?.message.details).toContainEqual(expect.stringContaining("refused"));
  }, 120_000);
});
