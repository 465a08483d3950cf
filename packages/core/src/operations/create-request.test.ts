import { beforeEach, describe, expect, it } from "vitest";
import { RequestBody } from "../policy/decide-request.ts";
import {
  alice,
  aWorld,
  bob,
  mallory,
  noon,
  requestId,
  type World,
  withEveryFault,
} from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { createRequest, type NewRequest } from "./create-request.ts";
import { tryRequest } from "./try-request.ts";

const body = (given: Partial<Record<keyof RequestBody, unknown>> = {}): RequestBody =>
  RequestBody.parse({
    flow: "production",
    target: "prod-readonly",
    duration: "30m",
    reason: "Incident 42",
    ...given,
  });

let world: World;
beforeEach(() => {
  world = aWorld();
});

const create = (given: Partial<NewRequest> = {}, from = world) =>
  createRequest(from.ports, from.config, { person: alice, body: body(), ...given });

describe("making a request", () => {
  it("stores it with all that it takes to end it, and starts its workflow", async () => {
    const request = await create();
    expect(request).toMatchObject({
      id: requestId(1),
      status: "pending_approval",
      flow: { name: "production", version: "1.0.0" },
      requester: alice,
      reason: "Incident 42",
      duration: 1_800,
      createdAt: noon,
      lapsesAt: addSeconds(noon, 86_400),
      scheduled: true,
      execution: 0,
    });
    expect(request.access).toMatchObject({
      strategy: "fake",
      session: { name: requestId(1), sourceIdentity: alice.email },
      target: { settings: { account: "prod", permission: "readonly" } },
    });
    expect(world.request()).toMatchObject({ ...request, published: 1 });
    expect(world.workflow.started).toEqual([
      {
        request: requestId(1),
        k: 0,
        version: 1,
        enter: "approval",
        seconds: 86_400,
        startAt: noon,
        strategy: "fake",
      },
    ]);
    expect(world.publisher.published.map(({ message }) => message.event)).toEqual([
      "request.created",
    ]);
  });

  it("that nobody needs to approve is approved, and escalated at once", async () => {
    const request = await create({ body: body({ flow: "self-service", duration: "1h" }) });
    expect(request.status).toBe("approved");
    expect(request).not.toHaveProperty("lapsesAt");
    expect(world.workflow.started[0]?.enter).toBe("escalation");
  });

  it("keeps the rules of the flow as they are now", async () => {
    const flow = world.config.flows["self-service"];
    if (flow === undefined) throw new Error("There is no such flow.");
    const config = {
      ...world.config,
      flows: { endless: { ...flow, scheduleDeescalation: false } },
    };
    const request = await create(
      { body: body({ flow: "endless", duration: "1h" }) },
      { ...world, config },
    );
    expect(request.scheduled).toBe(false);
  });

  it.each([
    ["flow.not-found", alice, { flow: "nothing" }],
    ["flow.not-found", alice, { flow: "constructor" }],
    ["flow.not-allowed", mallory, {}],
    ["flow.target-not-found", alice, { target: "staging-power" }],
    ["flow.duration-not-allowed", alice, { duration: "9h" }],
    ["flow.reason-required", alice, { reason: "" }],
    ["field.invalid", alice, { fields: { ticket: 1 } }],
  ])("writes nothing when it is refused: %s", async (code, person, given) => {
    const refused = create({ person, body: body(given), idempotencyKey: "key" });
    await expect(refused).rejects.toMatchObject({ name: "CurfewError", code });
    expect(world.requests.all()).toEqual([]);
    expect(world.idempotency.all()).toEqual([]);
    expect(world.workflow.started).toEqual([]);
    expect(world.publisher.published).toEqual([]);
  });

  it("names the place of what was refused", async () => {
    await expect(create({ body: body({ duration: "9h" }) })).rejects.toMatchObject({
      code: "flow.duration-not-allowed",
      problems: [{ path: "duration", message: "The duration must be at most 8h." }],
    });
  });

  it("starts when it is asked to, whatever the offset", async () => {
    const startAt = "2026-11-20T14:00:00+01:00";
    const request = await create({ body: body({ startAt }) });
    expect(request).toMatchObject({ startAt: "2026-11-20T13:00:00.000Z", createdAt: noon });
    expect(world.workflow.started[0]?.startAt).toBe(request.startAt);
    expect(request.lapsesAt).toBe(addSeconds(noon, 86_400));
  });

  it.each([
    ["a moment ago", -60, true],
    ["in the past", -61, false],
    ["in 90 days", 90 * 86_400, true],
    ["later than that", 90 * 86_400 + 1, false],
  ])("accepts or refuses a start: %s", async (_, seconds, accepted) => {
    const made = create({ body: body({ startAt: addSeconds(noon, seconds) }) });
    if (accepted) expect((await made).startAt).toBe(addSeconds(noon, seconds));
    else
      await expect(made).rejects.toMatchObject({
        code: "request.start-not-allowed",
        problems: [{ path: "startAt" }],
      });
    expect(world.requests.all()).toHaveLength(accepted ? 1 : 0);
  });

  it.each(["2026-11-20T14:00:00", "2026-11-20", "tomorrow", "2026-02-30T12:00:00Z", 1_000])(
    "does not understand a start of %s",
    (startAt) => {
      expect(() => body({ startAt })).toThrow();
    },
  );

  it("makes two of two without a key", async () => {
    await create();
    await create();
    expect(world.requests.all()).toHaveLength(2);
  });
});

describe("trying a request", () => {
  const attempt = (given: Partial<NewRequest> = {}) =>
    tryRequest(world.ports, world.config, { person: alice, body: body(), ...given });
  const written = () => [world.requests.writes(), world.idempotency.writes()];

  it("answers what would be made, and makes nothing", async () => {
    expect(await attempt({ idempotencyKey: "key" })).toEqual({
      allowed: true,
      status: "pending_approval",
      flow: "production",
      target: "prod-readonly",
      duration: "30m",
      startAt: null,
      approvalRequired: true,
    });
    expect(written()).toEqual([0, 0]);
    expect(world.workflow.started).toEqual([]);
    expect(world.publisher.published).toEqual([]);
  });

  it.each([
    ["flow.not-allowed", mallory, {}],
    ["flow.duration-not-allowed", alice, { duration: "9h" }],
    ["request.start-not-allowed", alice, { startAt: "2026-11-20T11:00:00Z" }],
  ] as const)("is refused as making it would be: %s", async (code, person, given) => {
    await expect(attempt({ person, body: body(given) })).rejects.toMatchObject({ code });
    await expect(create({ person, body: body(given) })).rejects.toMatchObject({ code });
  });

  it("with a key that was used answers as making it would", async () => {
    const made = await create({ idempotencyKey: "key" });
    const before = written();
    expect(await attempt({ idempotencyKey: "key" })).toMatchObject({ status: made.status });
    const other = attempt({ idempotencyKey: "key", body: body({ duration: "1h" }) });
    await expect(other).rejects.toMatchObject({ code: "idempotency.mismatch" });
    expect(written()).toEqual(before);
  });
});

describe("an idempotency key", () => {
  const idempotencyKey = "key";

  it("answers the same request to the same body", async () => {
    const request = await create({ idempotencyKey });
    expect((await create({ idempotencyKey })).id).toBe(request.id);
    expect(world.requests.all()).toHaveLength(1);
    expect(world.workflow.started).toHaveLength(1);
  });

  it("answers the request as it is now, even where the rules have changed", async () => {
    await create({ idempotencyKey });
    const stored = await world.requests.get(requestId(1));
    await world.requests.put({ ...world.request(), status: "denied" }, stored);
    const config = { ...world.config, flows: {} };
    expect((await create({ idempotencyKey }, { ...world, config })).status).toBe("denied");
  });

  it("does not care in which order a body is written", async () => {
    await create({ idempotencyKey });
    const { reason, duration, target, flow, fields } = body();
    await create({ idempotencyKey, body: { reason, duration, target, flow, fields } });
    expect(world.requests.all()).toHaveLength(1);
  });

  it("refuses another body", async () => {
    await create({ idempotencyKey });
    await expect(create({ idempotencyKey, body: body({ duration: "31m" }) })).rejects.toMatchObject(
      {
        code: "idempotency.mismatch",
      },
    );
    expect(world.requests.all()).toHaveLength(1);
  });

  it("is the caller's own: another may use the same", async () => {
    await create({ idempotencyKey });
    await create({ idempotencyKey, person: bob });
    expect(world.requests.all().map(({ requester }) => requester)).toEqual([alice, bob]);
  });

  it("means another request after a day, although the old record is still there", async () => {
    await create({ idempotencyKey });
    world.clock.advance(86_399);
    await create({ idempotencyKey });
    expect(world.requests.all()).toHaveLength(1);
    world.clock.advance(1);
    await create({ idempotencyKey, body: body({ duration: "31m" }) });
    expect(world.requests.all()).toHaveLength(2);
    await create({ idempotencyKey, body: body({ duration: "31m" }) });
    expect(world.requests.all()).toHaveLength(2);
  });

  it("keeps neither itself nor the body in the table", async () => {
    await create({ idempotencyKey: "s3cret" });
    const [record] = world.idempotency.all();
    expect(record?.id).toMatch(/^[0-9a-f]{64}$/);
    expect(record?.body).toMatch(/^[0-9a-f]{64}$/);
  });

  it("makes one request of several callers at once", async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => create({ idempotencyKey })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(world.requests.all()).toHaveLength(1);
    expect(world.workflow.started).toHaveLength(1);
  });

  it("makes one request of callers who come at once a day later", async () => {
    await create({ idempotencyKey });
    world.clock.advance(86_400);
    const made = await Promise.all(Array.from({ length: 5 }, () => create({ idempotencyKey })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(world.requests.all()).toHaveLength(2);
  });
});

describe("making a request that fails at any call", () => {
  it("makes one when it is repeated with its key, and starts and publishes it", async () => {
    const tried = await withEveryFault(async (hook) => {
      world = aWorld();
      const { ports, faults } = world.invocation(hook);
      await create({ idempotencyKey: "key" }, { ...world, ports }).catch(() => undefined);
      world.clock.advance(5);
      const request = await create({ idempotencyKey: "key" });
      expect(world.request().id).toBe(request.id);
      expect(world.request().access?.session.name).toBe(request.id);
      expect(world.workflow.started).toHaveLength(1);
      expect(world.request().published).toBe(1);
      expect(world.publisher.published[0]?.message.id).toBe(`${request.id}:1`);
      return faults;
    });
    expect(tried).toBeGreaterThanOrEqual(40);
  });
});
