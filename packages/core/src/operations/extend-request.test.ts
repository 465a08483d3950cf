import { beforeEach, describe, expect, it } from "vitest";
import { parseDuration } from "../durations.ts";
import { actorOf, curfew, type Person } from "../request/person.ts";
import { RequestStatus } from "../request/status.ts";
import {
  aConfig,
  aConfigInput,
  alice,
  aRequest,
  aWorld,
  bob,
  faultOf,
  groups,
  noon,
  requestId,
  type World,
  withEveryFault,
} from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { deescalate } from "./deescalate.ts";
import { extendRequest } from "./extend-request.ts";
import { setIntake } from "./intake.ts";
import { revokeRequest } from "./revoke-request.ts";
import { wake } from "./wake.ts";

const id = requestId(1);
const oneHour = addSeconds(noon, 3_600);
const waiting = { state: "Wait for expiry", token: "token", enteredAt: noon };
const code = (expected: string) => expect.objectContaining({ code: expected });

let world: World;
beforeEach(() => {
  world = aWorld();
});

const active = (given: Parameters<typeof aRequest>[0] = {}) =>
  world.store({ requests: [aRequest({ status: "active", waiting, ...given })] });
const extend = (duration: string, from = world, person: Person = alice) =>
  extendRequest(from.ports, from.config, person, id, { duration });

describe("extending", () => {
  it("lasts as long as was asked for, from now on", async () => {
    await active();
    world.clock.advance(1_800);
    const extended = await extend("1h");
    expect(extended.expiresAt).toBe(addSeconds(noon, 5_400));
    expect(extended.history.at(-1)).toMatchObject({
      event: "request.extended",
      actor: actorOf(alice),
      message: `until ${addSeconds(noon, 5_400)}`,
    });
    expect(world.request()).toEqual({ ...extended, published: 2 });
    expect(world.publisher.published.map(({ message }) => message.text)).toEqual([
      `alice@acme.example extends ReadOnly on prod. (until ${addSeconds(noon, 5_400)})`,
    ]);
  });

  it("has the next schedule before it writes the new end", async () => {
    await active();
    const seen: unknown[] = [];
    const { ports } = world.invocation(({ name }) => {
      if (name === "requests.put")
        seen.push([world.request().expiresAt, world.schedules.armed.size]);
      return undefined;
    });
    await extend("2h", { ...world, ports });
    // The reservation, the new end (the schedule is there, the end is not), and that it was published.
    expect(seen).toEqual([
      [oneHour, 0],
      [oneHour, 1],
      [addSeconds(noon, 7_200), 1],
    ]);
    expect(Object.fromEntries(world.schedules.armed)).toEqual({
      [`${id}.2`]: addSeconds(noon, 7_140),
    });
  });

  it("takes a schedule of its own each time", async () => {
    await active();
    await extend("2h");
    world.clock.advance(60);
    await extend("2h");
    expect([...world.schedules.armed.keys()]).toEqual([`${id}.2`, `${id}.3`]);
    expect(world.request().schedules).toEqual({ reserved: 3, current: 3 });
  });

  it("sets a net where too little time is left for an early schedule", async () => {
    await active();
    world.clock.advance(3_590);
    const { expiresAt } = await extend("30s");
    expect(expiresAt).toBe(addSeconds(noon, 3_620));
    expect(world.schedules.armed.get(`${id}.2`)).toBe(addSeconds(noon, 3_650));
  });

  it("wakes the exact wait, so that the workflow goes back to wait for the expiry", async () => {
    await active({ waiting: { ...waiting, state: "Wait out the minute" } });
    world.clock.advance(3_570);
    await extend("1h");
    expect(world.workflow.signals.map(({ token }) => token)).toEqual(["token"]);
  });

  it("leaves a workflow alone that waits for the expiry: its timeout comes in vain", async () => {
    await active();
    await extend("2h");
    expect(world.workflow.signals).toEqual([]);
    world.clock.advance(3_661);
    const { due, seconds } = await deescalate(world.ports, id, world.deadline());
    expect({ due, seconds }).toEqual({ due: false, seconds: 7_200 - 3_661 + 60 });
    expect(world.request().status).toBe("active");
  });

  it("lets the schedules of earlier ends fire in vain", async () => {
    await active();
    await extend("2h");
    world.clock.advance(3_540);
    const started = world.ports.workflow.start;
    await started({
      request: id,
      k: 0,
      version: 1,
      enter: "escalation",
      seconds: 1,
      startAt: noon,
      strategy: "fake",
    });
    await wake(world.ports, id);
    expect(world.workflow.signals).toEqual([]);
    expect(world.request()).toMatchObject({ status: "active", execution: 0 });
  });

  it("needs no new approval where one was given", async () => {
    await active();
    expect(aRequest({ status: "active" }).approvals).toHaveLength(1);
    expect((await extend("8h")).expiresAt).toBe(addSeconds(noon, 8 * 3_600));
  });
});

describe("what is refused", () => {
  it.each(["1h", "30m", "1s"])(
    "an end that is not later than the present one: %s",
    async (given) => {
      await active();
      const before = world.request();
      await expect(extend(given)).rejects.toEqual(code("extension.not-later"));
      expect(world.request()).toEqual(before);
      expect(world.schedules.armed.size).toBe(0);
    },
  );

  it("a duration that the flow does not allow now", async () => {
    await active();
    await expect(extend("999999999mo")).rejects.toEqual(code("flow.duration-not-allowed"));
    await expect(extend("481m")).rejects.toEqual(code("flow.duration-not-allowed"));
    const { production } = aConfigInput().flows;
    if (production === undefined) throw new Error("There is no such flow.");
    const config = aConfig({ flows: { production: { ...production, duration: { max: "1h" } } } });
    await expect(extend("2h", { ...world, config })).rejects.toEqual(
      code("flow.duration-not-allowed"),
    );
  });

  it("a requester who may not ask any more", async () => {
    world = aWorld({ groups: { ...groups, engineers: [] } });
    await active();
    await expect(extend("2h")).rejects.toEqual(code("flow.not-allowed"));
  });

  it.each([
    ["flow", { flows: {} }, "flow.not-found"],
    ["target", { targets: {} }, "flow.target-not-found"],
  ])("a request whose %s is configured no more", async (_, given, expected) => {
    await active();
    const config = { ...world.config, ...given };
    await expect(extend("2h", { ...world, config })).rejects.toEqual(code(expected));
  });

  it("a request that was made without the approval that its flow needs now", async () => {
    await active({ approvals: [] });
    await expect(extend("2h")).rejects.toEqual(code("flow.not-allowed"));
  });

  it.each([
    ["what could have been approved at once", { duration: { max: "8h" } }, "8h"],
    ["the longest of its options", { duration: { options: ["1h", "3h", "2h"] } }, "3h"],
    ["what its flow says", { duration: { max: "8h" }, extendableTo: "2d" }, "8h"],
    ["300 days without approvers", { approvers: undefined, duration: { max: "300d" } }, "300d"],
  ])("more in all than %s", async (_, rules, longest) => {
    const { production } = aConfigInput().flows;
    if (production === undefined) throw new Error("There is no such flow.");
    const { approvers, ...flow } = { ...production, ...rules };
    const flows = { production: approvers === undefined ? flow : { ...flow, approvers } };
    const from = { ...world, config: aConfig({ flows }) };
    const inAll = parseDuration(flow.extendableTo ?? longest) ?? 0;
    const gone = inAll - (parseDuration(longest) ?? 0);
    await active({ expiresAt: addSeconds(noon, gone + 60) });
    world.clock.advance(gone);
    expect((await extend(longest, from)).expiresAt).toBe(addSeconds(noon, inAll));
    world.clock.advance(1);
    await expect(extend(longest, from)).rejects.toEqual(code("extension.too-long"));
  });

  it("the hundred and first extension", async () => {
    const event = { event: "request.extended" as const, at: noon, actor: actorOf(alice) };
    const history = Array.from({ length: 100 }, (_, index) => ({ seq: index + 1, ...event }));
    await active({ history: history.slice(1) });
    await extend("2h");
    await expect(extend("3h")).rejects.toEqual(code("extension.too-many"));
  });

  it("anybody but the requester", async () => {
    await active();
    await expect(extend("2h", world, bob)).rejects.toEqual(code("request.not-allowed"));
  });

  it.each(RequestStatus.options.filter((status) => status !== "active"))(
    "a request that is %s",
    async (status) => {
      await active({ status });
      await expect(extend("2h")).rejects.toEqual(code("request.wrong-state"));
      expect(world.schedules.armed.size).toBe(0);
    },
  );

  it("a request whose end has come, or was asked for, or that has no curfew", async () => {
    await active({ endRequested: { reason: "revoked", by: actorOf(bob), at: noon } });
    await expect(extend("2h")).rejects.toThrow("bob@acme.example has ended it already.");
    const { expiresAt: _, ...endless } = aRequest({ status: "active", scheduled: false });
    world = aWorld();
    await world.store({ requests: [endless] });
    await expect(extend("2h")).rejects.toThrow("lasts until it is revoked");
    world = aWorld();
    await active();
    world.clock.advance(3_600);
    await expect(extend("2h")).rejects.toThrow(`was to end at ${oneHour}`);
  });

  it("everything while the intake is closed", async () => {
    await active();
    await setIntake(world.ports, true, curfew);
    await expect(extend("2h")).rejects.toEqual(code("intake.closed"));
    await setIntake(world.ports, false, curfew);
    expect((await extend("2h")).expiresAt).toBe(addSeconds(noon, 7_200));
  });
});

describe("two at once", () => {
  it("of extensions: each has a schedule of its own name, and the end is one of theirs", async () => {
    await active();
    const answers = await Promise.all([extend("2h"), extend("3h")].map((one) => one.catch(String)));
    const { expiresAt, schedules } = world.request();
    const armed = world.schedules.armed.get(`${id}.${schedules?.current}`);
    expect(expiresAt && addSeconds(expiresAt, -60)).toBe(armed);
    expect(expiresAt && expiresAt >= addSeconds(noon, 7_200)).toBe(true);
    expect(answers.some((answer) => typeof answer !== "string")).toBe(true);
  });

  it("of many extensions: the one with the newest schedule is the one that counts", async () => {
    await active();
    const wanted = ["2h", "3h", "4h", "5h", "6h"];
    await Promise.all(wanted.map((duration) => extend(duration).catch(() => undefined)));
    const { expiresAt, schedules, history } = world.request();
    expect(expiresAt && addSeconds(expiresAt, -60)).toBe(
      world.schedules.armed.get(`${id}.${schedules?.current}`),
    );
    const ends = history.filter(({ event }) => event === "request.extended").map((e) => e.message);
    expect(ends).toEqual([...ends].sort());
  });

  it("of which one is overtaken is tried again with a newer schedule", async () => {
    await active();
    let overtaken = false;
    const { ports } = world.invocation(async ({ name }) => {
      if (name === "schedules.create" && !overtaken) {
        overtaken = true;
        await extend("2h");
      }
      return undefined;
    });
    const extended = await extend("3h", { ...world, ports });
    expect(extended.schedules).toEqual({ reserved: 4, current: 4 });
    expect(extended.expiresAt).toBe(addSeconds(noon, 3 * 3_600 + 0.1));
    expect([...world.schedules.armed.keys()]).toEqual([`${id}.3`, `${id}.2`, `${id}.4`]);
  });

  it.each([
    ["revoke", () => revokeRequest(world.ports, world.config, bob, id)],
    [
      "expiry",
      async () => {
        world.clock.advanceTo(oneHour);
        await deescalate(world.ports, id, world.deadline());
      },
    ],
  ] as const)("with a %s that comes before the new end is written: that wins", async (_, end) => {
    await active();
    const { ports } = world.invocation(async ({ name }) => {
      if (name === "schedules.create") await end();
      return undefined;
    });
    await expect(extend("2h", { ...world, ports })).rejects.toEqual(code("request.wrong-state"));
    expect(world.request().expiresAt).toBe(oneHour);
    expect(world.request().history.map(({ event }) => event)).not.toContain("request.extended");
  });

  it("with an expiry that comes after it: the extension wins", async () => {
    await active();
    await extend("2h");
    world.clock.advanceTo(oneHour);
    const { due } = await deescalate(world.ports, id, world.deadline());
    expect(due).toBe(false);
    expect(world.request().status).toBe("active");
  });
});

describe("an extension that fails", () => {
  it("at any call leaves no end without its schedule, and can be made again", async () => {
    const tried = await withEveryFault(async (hook) => {
      world = aWorld();
      await active();
      const { ports, faults } = world.invocation(hook);
      await extend("2h", { ...world, ports }).catch(() => undefined);
      const { expiresAt = noon, schedules } = world.request();
      const armed = world.schedules.armed.get(`${id}.${schedules?.current}`);
      if (expiresAt !== oneHour) expect(armed).toBe(addSeconds(expiresAt, -60));
      await extend("3h");
      expect(world.request().expiresAt).toBe(world.clock.at(10_800));
      return faults;
    });
    expect(tried).toBeGreaterThan(30);
  });

  it("to create its schedule leaves the end as it was", async () => {
    await active();
    const error = new Error("Throttled");
    const { ports } = world.invocation(faultOf("schedules.create", { when: "before", error }));
    await expect(extend("2h", { ...world, ports })).rejects.toThrow("Throttled");
    expect(world.request().expiresAt).toBe(oneHour);
    expect((await extend("2h")).schedules).toEqual({ reserved: 3, current: 3 });
  });
});
