import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  paginateListSchedules,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../store.ts";
import { createFakeLambda, type FakeLambda } from "../../testing/fake-lambda.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import { hub, startEndpoint, type TestEndpoint } from "../testing/endpoint.ts";
import { createScheduler, type SchedulerDeps } from "./scheduler.ts";

const group = "curfew-sandbox";
const groupArn = `arn:aws:scheduler:us-east-1:${hub}:schedule-group/${group}`;
const expire = `arn:aws:lambda:us-east-1:${hub}:function:expire`;
const deadLetters = `arn:aws:sqs:us-east-1:${hub}:dead-letters`;

let clock: ManualClock;
let store: Store;
let lambda: FakeLambda;
let endpoint: TestEndpoint;
let client: SchedulerClient;
let letters: { queue: string; body: string; attributes: unknown }[];

const aScheduler = (overrides: Partial<SchedulerDeps> = {}) =>
  createScheduler({
    store,
    clock,
    lambda,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    sqs: {
      has: (queue) => queue === deadLetters,
      send: (queue, body, attributes) => void letters.push({ queue, body, attributes }),
    },
    groups: [{ name: group, arn: groupArn }],
    ...overrides,
  });

beforeEach(async () => {
  clock = createManualClock(Date.parse("2026-01-01T00:00:00Z"));
  store = openStore(":memory:");
  lambda = createFakeLambda({ expire: () => null });
  letters = [];
  endpoint = await startEndpoint({ clock, services: [aScheduler()] });
  client = new SchedulerClient(endpoint.as(`sandbox-${hub}`));
});
afterEach(() => endpoint.close());

type Overrides = Partial<CreateScheduleCommandInput>;
const aSchedule = (overrides: Overrides = {}): CreateScheduleCommandInput => ({
  Name: "req_1.0",
  GroupName: group,
  ScheduleExpression: "at(2026-01-01T01:00:00)",
  FlexibleTimeWindow: { Mode: "OFF" },
  ActionAfterCompletion: "DELETE",
  Target: {
    Arn: expire,
    RoleArn: `arn:aws:iam::${hub}:role/curfew/curfew-sandbox-schedules`,
    Input: `{"request":"req_1","n":0}`,
    DeadLetterConfig: { Arn: deadLetters },
  },
  ...overrides,
});
const create = (overrides: Overrides = {}) =>
  client.send(new CreateScheduleCommand(aSchedule(overrides)));
const get = (Name = "req_1.0") => client.send(new GetScheduleCommand({ Name, GroupName: group }));
const minutes = (count: number): number => count * 60_000;

describe("a schedule", () => {
  it("fires at its time, once, and deletes itself", async () => {
    const { ScheduleArn } = await create();
    expect(ScheduleArn).toBe(`arn:aws:scheduler:us-east-1:${hub}:schedule/${group}/req_1.0`);
    await clock.advance(minutes(60) - 1);
    expect(lambda.calls).toEqual([]);
    await clock.advance(1);
    const payload = { request: "req_1", n: 0 };
    expect(lambda.calls).toEqual([{ functionArn: expire, payload, type: "enqueue" }]);
    await expect(get()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await clock.advance(minutes(600));
    expect(lambda.calls).toHaveLength(1);
  });

  it("is kept when it is not to be deleted, and does not fire again", async () => {
    await create({ ActionAfterCompletion: "NONE" });
    await clock.advance(minutes(60));
    expect(await get()).toMatchObject({ ActionAfterCompletion: "NONE" });
    const next = aScheduler();
    next.resume();
    await clock.advance(minutes(600));
    expect(lambda.calls).toHaveLength(1);
  });

  it("fires as late as it is told to", async () => {
    const late = aScheduler({ lag: 30_000 });
    await late.operations.CreateSchedule?.({
      operation: "CreateSchedule",
      input: { ...aSchedule() },
      caller: { accountId: hub, arn: "arn:aws:iam::1:user/x", administrator: true },
      region: "us-east-1",
    });
    await clock.advance(minutes(60) + 29_999);
    expect(lambda.calls).toEqual([]);
    await clock.advance(1);
    expect(lambda.calls).toHaveLength(1);
  });

  it("survives a restart, and makes up for what it missed", async () => {
    await create();
    await create({ Name: "req_1.1", ScheduleExpression: "at(2026-01-01T02:00:00)" });
    clock.stop();
    clock = createManualClock(Date.parse("2026-01-01T01:30:00Z"));
    const next = aScheduler();
    next.resume();
    await clock.advance(0);
    expect(lambda.calls).toHaveLength(1);
    await clock.advance(minutes(30));
    expect(lambda.calls).toHaveLength(2);
  });

  it("whose function does not exist ends in its dead-letter queue", async () => {
    const target = {
      ...aSchedule().Target,
      Arn: `${expire}x`,
      RoleArn: `arn:aws:iam::${hub}:role/x`,
    };
    const { ScheduleArn } = await create({ Target: target });
    await clock.advance(minutes(60));
    expect(letters).toEqual([
      {
        queue: deadLetters,
        body: `{"request":"req_1","n":0}`,
        attributes: expect.objectContaining({
          ERROR_CODE: "ResourceNotFoundException",
          SCHEDULE_ARN: ScheduleArn,
          TARGET_ARN: `${expire}x`,
        }),
      },
    ]);
  });

  it("that is disabled does not fire", async () => {
    await create({ State: "DISABLED" });
    await clock.advance(minutes(600));
    expect(lambda.calls).toEqual([]);
  });

  it("fills in what Scheduler knows", async () => {
    const Input = `{"at":"<aws.scheduler.scheduled-time>","arn":"<aws.scheduler.schedule-arn>"}`;
    const target = { Arn: expire, RoleArn: `arn:aws:iam::${hub}:role/x`, Input };
    const { ScheduleArn } = await create({ Target: target });
    await clock.advance(minutes(60));
    const payload = { at: "2026-01-01T01:00:00.000Z", arn: ScheduleArn };
    expect(lambda.calls[0]?.payload).toEqual(payload);
  });
});

describe("CreateSchedule", () => {
  it("refuses a name that is taken", async () => {
    await create();
    await expect(create({ ScheduleExpression: "at(2026-01-01T03:00:00)" })).rejects.toMatchObject({
      name: "ConflictException",
    });
  });

  it("takes the same call, tried again, for the same", async () => {
    const first = await create({ ClientToken: "one" });
    expect(await create({ ClientToken: "one" })).toMatchObject({ ScheduleArn: first.ScheduleArn });
    await clock.advance(minutes(60));
    expect(lambda.calls).toHaveLength(1);
  });

  it.each<[string, Overrides, string]>([
    ["the past", { ScheduleExpression: "at(2025-12-31T23:59:59)" }, "ValidationException"],
    ["this very moment", { ScheduleExpression: "at(2026-01-01T00:00:00)" }, "ValidationException"],
    [
      "a time with milliseconds",
      { ScheduleExpression: "at(2026-01-01T01:00:00.5)" },
      "ValidationException",
    ],
    [
      "a day that is none",
      { ScheduleExpression: "at(2026-02-30T01:00:00)" },
      "ValidationException",
    ],
    ["a rate", { ScheduleExpression: "rate(5 minutes)" }, "ValidationException"],
    ["another timezone", { ScheduleExpressionTimezone: "Europe/Berlin" }, "ValidationException"],
    ["a name with a colon", { Name: "a:b" }, "ValidationException"],
    ["a name that is too long", { Name: "x".repeat(65) }, "ValidationException"],
    ["no target", { Target: undefined }, "ValidationException"],
    ["a role that is none", { Target: { Arn: expire, RoleArn: "role" } }, "ValidationException"],
    ["a group that does not exist", { GroupName: "none" }, "ResourceNotFoundException"],
  ])("refuses %s", async (_, overrides, error) => {
    await expect(create(overrides)).rejects.toMatchObject({ name: error });
    await clock.advance(minutes(600));
    expect(lambda.calls).toEqual([]);
  });

  it("takes the default group, which every account has", async () => {
    const { ScheduleArn } = await create({ GroupName: undefined });
    expect(ScheduleArn).toBe(`arn:aws:scheduler:us-east-1:${hub}:schedule/default/req_1.0`);
  });
});

describe("other operations", () => {
  it("describe a schedule as it was created", async () => {
    await create();
    expect(await get()).toMatchObject({
      Name: "req_1.0",
      GroupName: group,
      ScheduleExpression: "at(2026-01-01T01:00:00)",
      ScheduleExpressionTimezone: "UTC",
      State: "ENABLED",
      Target: aSchedule().Target,
      FlexibleTimeWindow: { Mode: "OFF" },
      CreationDate: new Date(clock.now()),
    });
  });

  it("replace a schedule", async () => {
    await create();
    const later = aSchedule({ ScheduleExpression: "at(2026-01-01T02:00:00)" });
    await client.send(new UpdateScheduleCommand(later));
    await clock.advance(minutes(119));
    expect(lambda.calls).toEqual([]);
    await clock.advance(minutes(1));
    expect(lambda.calls).toHaveLength(1);
  });

  it("delete a schedule, which does not fire then", async () => {
    await create();
    await client.send(new DeleteScheduleCommand({ Name: "req_1.0", GroupName: group }));
    await clock.advance(minutes(600));
    expect(lambda.calls).toEqual([]);
    const again = new DeleteScheduleCommand({ Name: "req_1.0", GroupName: group });
    await expect(client.send(again)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("list schedules page by page, by group and beginning", async () => {
    for (const Name of ["b.0", "a.1", "a.0"]) await create({ Name });
    await create({ Name: "a.2", GroupName: undefined });
    const list = async (filter: Record<string, string>) => {
      const names: (string | undefined)[] = [];
      for await (const page of paginateListSchedules({ client, pageSize: 2 }, filter)) {
        names.push(...(page.Schedules ?? []).map(({ Name }) => Name));
      }
      return names;
    };
    expect(await list({ GroupName: group })).toEqual(["a.0", "a.1", "b.0"]);
    expect(await list({ GroupName: group, NamePrefix: "a." })).toEqual(["a.0", "a.1"]);
    expect(await list({})).toHaveLength(4);
  });

  it("know the deployment's groups", async () => {
    const found = await client.send(new GetScheduleGroupCommand({ Name: group }));
    expect(found).toMatchObject({ Arn: groupArn, State: "ACTIVE" });
    const { ScheduleGroups } = await client.send(new ListScheduleGroupsCommand({}));
    expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual([group, "default"]);
    const none = new GetScheduleGroupCommand({ Name: "none" });
    await expect(client.send(none)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
