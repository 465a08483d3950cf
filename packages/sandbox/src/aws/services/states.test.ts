import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aDefinition, aTokenWait } from "../../states/testing/bench.ts";
import { createToken } from "../../states/token.ts";
import { openStore } from "../../store.ts";
import { createFakeLambda, type FakeLambda, hang } from "../../testing/fake-lambda.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import type { BusEvent } from "../events-bus.ts";
import { hub, startEndpoint, type TestEndpoint } from "../testing/endpoint.ts";
import { createStates, type Machine } from "./states.ts";

const machine: Machine = {
  name: "curfew-sandbox",
  arn: `arn:aws:states:us-east-1:${hub}:stateMachine:curfew-sandbox`,
  roleArn: `arn:aws:iam::${hub}:role/curfew/curfew-sandbox-workflow`,
  definition: aDefinition({ A: aTokenWait("wait", { TimeoutSeconds: 60 }) }),
};
const machines = [
  machine,
  { ...machine, name: "other", arn: machine.arn.replace(/[^:]*$/, "other") },
];

let clock: ManualClock;
let lambda: FakeLambda;
let endpoint: TestEndpoint;
let client: SFNClient;
let published: BusEvent[];

beforeEach(async () => {
  clock = createManualClock();
  const store = openStore(":memory:");
  lambda = createFakeLambda({ wait: hang });
  published = [];
  const events = { publish: (event: BusEvent) => void published.push(event) };
  const states = createStates({ store, clock, lambda, events, machines });
  endpoint = await startEndpoint({ clock, services: [states] });
  client = new SFNClient(endpoint.as(`sandbox-${hub}`));
});
afterEach(() => endpoint.close());

const start = (name?: string, input?: string, stateMachineArn = machine.arn) =>
  client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
const startedArn = async (name?: string): Promise<string> =>
  String((await start(name)).executionArn);
const tokenOf = (call: number): string => {
  const payload = lambda.calls[call]?.payload;
  return typeof payload === "object" && payload && "token" in payload ? String(payload.token) : "";
};
const describeExecution = (executionArn: string) =>
  client.send(new DescribeExecutionCommand({ executionArn }));

describe("StartExecution", () => {
  it("begins an execution under its name", async () => {
    const { executionArn, startDate } = await start("one.0", `{"a":1}`);
    expect(executionArn).toBe(`arn:aws:states:us-east-1:${hub}:execution:curfew-sandbox:one.0`);
    expect(startDate).toEqual(new Date(clock.now()));
    expect(await describeExecution(String(executionArn))).toMatchObject({
      name: "one.0",
      status: "RUNNING",
      input: `{"a":1}`,
      stateMachineArn: machine.arn,
    });
  });

  it("makes up a name, and an empty input", async () => {
    const arn = await startedArn();
    expect(await describeExecution(arn)).toMatchObject({ input: "{}" });
    expect(await startedArn()).not.toBe(arn);
  });

  it("answers the running execution of the same name and input again", async () => {
    const first = await start("one", `{"a":1}`);
    await clock.advance(5_000);
    const second = await start("one", `{"a":1}`);
    expect([second.executionArn, second.startDate]).toEqual([first.executionArn, first.startDate]);
    expect(lambda.calls).toHaveLength(1);
  });

  it("refuses the name of a running execution with another input", async () => {
    await start("one", `{"a":1}`);
    await expect(start("one", `{"a":2}`)).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
  });

  it("refuses the name of a closed execution for 90 days", async () => {
    await client.send(new StopExecutionCommand({ executionArn: await startedArn("one") }));
    await expect(start("one")).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
    await clock.advance(91 * 24 * 60 * 60 * 1000);
    expect(await describeExecution(await startedArn("one"))).toMatchObject({ status: "RUNNING" });
  });

  it("takes the same name for another machine", async () => {
    const other = machines[1]?.arn;
    const arns = [await startedArn("one"), (await start("one", undefined, other)).executionArn];
    expect(new Set(arns).size).toBe(2);
  });

  it.each([
    ["no machine", () => start("x", "{}", `${machine.arn}x`), "StateMachineDoesNotExist"],
    ["no ARN", () => start("x", "{}", "curfew-sandbox"), "InvalidArn"],
    ["no JSON", () => start("x", "{"), "InvalidExecutionInput"],
    ["a name with a space", () => start("a b"), "InvalidName"],
    ["a name with a slash", () => start("a/b"), "InvalidName"],
    ["a name that is too long", () => start("x".repeat(81)), "ValidationException"],
    ["an input above 256 KiB", () => start("x", `"${"x".repeat(262_144)}"`), "ValidationException"],
  ])("refuses %s", async (_, call, error) => {
    await expect(call()).rejects.toMatchObject({ name: error });
    expect(lambda.calls).toEqual([]);
  });
});

describe("a token", () => {
  const success = (taskToken: string, output = `{"x":1}`) =>
    client.send(new SendTaskSuccessCommand({ taskToken, output }));

  it("is completed with an output", async () => {
    const arn = await startedArn();
    await success(tokenOf(0));
    expect(await describeExecution(arn)).toMatchObject({ status: "SUCCEEDED", output: `{"x":1}` });
  });

  it("is failed with an error and a cause", async () => {
    const arn = await startedArn();
    const failure = { taskToken: tokenOf(0), error: "Refused", cause: "no" };
    await client.send(new SendTaskFailureCommand(failure));
    expect(await describeExecution(arn)).toMatchObject({
      status: "FAILED",
      error: "Refused",
      cause: "no",
    });
  });

  it("that was completed before has timed out, says the service", async () => {
    await start();
    await success(tokenOf(0));
    await expect(success(tokenOf(0))).rejects.toMatchObject({ name: "TaskTimedOut" });
  });

  it("that timed out has timed out", async () => {
    await start();
    await clock.advance(60_000);
    const timedOut = {
      name: "TaskTimedOut",
      message: "Task Timed Out: 'Provided task does not exist anymore'",
    };
    await expect(success(tokenOf(0))).rejects.toMatchObject(timedOut);
    const heartbeat = new SendTaskHeartbeatCommand({ taskToken: tokenOf(0) });
    await expect(client.send(heartbeat)).rejects.toMatchObject(timedOut);
  });

  it("of no execution does not exist", async () => {
    const token = createToken(`${machine.arn}:gone`, 3);
    await expect(success(token)).rejects.toMatchObject({ name: "TaskDoesNotExist" });
  });

  it("that is none is invalid", async () => {
    await expect(success("AAAA")).rejects.toMatchObject({ name: "InvalidToken" });
  });

  it("is not completed with what is no JSON", async () => {
    const arn = await startedArn();
    await expect(success(tokenOf(0), "{")).rejects.toMatchObject({ name: "InvalidOutput" });
    expect(await describeExecution(arn)).toMatchObject({ status: "RUNNING" });
  });
});

describe("StopExecution", () => {
  it("aborts an execution and says why", async () => {
    const executionArn = await startedArn();
    await clock.advance(3_000);
    const stop = new StopExecutionCommand({ executionArn, error: "E", cause: "c" });
    expect((await client.send(stop)).stopDate).toEqual(new Date(clock.now()));
    expect(await describeExecution(executionArn)).toMatchObject({
      status: "ABORTED",
      error: "E",
      cause: "c",
    });
  });

  it("of an execution that has ended answers when it did", async () => {
    const executionArn = await startedArn();
    const first = await client.send(new StopExecutionCommand({ executionArn }));
    await clock.advance(3_000);
    const second = await client.send(new StopExecutionCommand({ executionArn }));
    expect(second.stopDate).toEqual(first.stopDate);
  });

  it("of no execution is refused", async () => {
    const stop = new StopExecutionCommand({ executionArn: `${machine.arn}:none` });
    await expect(client.send(stop)).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
  });
});

describe("reading", () => {
  it("pages through a history, forwards and backwards", async () => {
    const executionArn = await startedArn();
    await client.send(new SendTaskSuccessCommand({ taskToken: tokenOf(0), output: "1" }));
    const read = async (reverseOrder: boolean) => {
      const types: (string | undefined)[] = [];
      const pages = paginateGetExecutionHistory(
        { client, pageSize: 3 },
        { executionArn, reverseOrder },
      );
      for await (const page of pages) types.push(...(page.events ?? []).map(({ type }) => type));
      return types;
    };
    const types = [
      "ExecutionStarted",
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
      "TaskSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ];
    expect(await read(false)).toEqual(types);
    expect(await read(true)).toEqual(types.toReversed());
  });

  it("shows an event's details, its data only if asked for", async () => {
    const executionArn = await startedArn();
    const entered = async (includeExecutionData: boolean) => {
      const command = new GetExecutionHistoryCommand({ executionArn, includeExecutionData });
      return (await client.send(command)).events?.[1];
    };
    expect(await entered(true)).toEqual({
      id: 2,
      previousEventId: 0,
      timestamp: new Date(clock.now()),
      type: "TaskStateEntered",
      stateEnteredEventDetails: { name: "A", input: "{}", inputDetails: { truncated: false } },
    });
    expect((await entered(false))?.stateEnteredEventDetails).toEqual({ name: "A" });
  });

  it("lists executions of a machine, the newest first, by status", async () => {
    for (const name of ["a", "c", "b"]) {
      await start(name);
      await clock.advance(1_000);
    }
    const executionArn = `arn:aws:states:us-east-1:${hub}:execution:curfew-sandbox:c`;
    await client.send(new StopExecutionCommand({ executionArn }));
    await start("elsewhere", "{}", machines[1]?.arn);
    const list = async (statusFilter?: "RUNNING" | "ABORTED") => {
      const names: (string | undefined)[] = [];
      const pages = paginateListExecutions(
        { client, pageSize: 1 },
        { stateMachineArn: machine.arn, ...(statusFilter ? { statusFilter } : {}) },
      );
      for await (const page of pages) names.push(...(page.executions ?? []).map((it) => it.name));
      return names;
    };
    expect(await list()).toEqual(["b", "c", "a"]);
    expect(await list("RUNNING")).toEqual(["b", "a"]);
    expect(await list("ABORTED")).toEqual(["c"]);
  });

  it("describes machines, with the definition that an execution runs on", async () => {
    const described = await client.send(
      new DescribeStateMachineCommand({ stateMachineArn: machine.arn }),
    );
    expect(described).toMatchObject({ name: machine.name, type: "STANDARD", status: "ACTIVE" });
    expect(JSON.parse(String(described.definition))).toEqual(machine.definition);
    const ofExecution = await client.send(
      new DescribeStateMachineForExecutionCommand({ executionArn: await startedArn() }),
    );
    expect(JSON.parse(String(ofExecution.definition))).toEqual(machine.definition);
    const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
    expect(stateMachines?.map(({ name }) => name)).toEqual(["curfew-sandbox", "other"]);
  });

  it.each([
    ["an execution", () => describeExecution(`${machine.arn}:none`), "ExecutionDoesNotExist"],
    [
      "a page that was never given",
      async () =>
        client.send(
          new GetExecutionHistoryCommand({ executionArn: await startedArn(), nextToken: "x" }),
        ),
      "InvalidToken",
    ],
  ])("refuses %s that is not there", async (_, call, error) => {
    await expect(call()).rejects.toMatchObject({ name: error });
  });
});

describe("the bus", () => {
  it("hears of every change of status, with the service's own detail", async () => {
    const { executionArn } = await start("one", `{"a":1}`);
    await clock.advance(60_000);
    expect(published.map(({ detail }) => detail.status)).toEqual(["RUNNING", "FAILED"]);
    expect(published[1]).toEqual({
      source: "aws.states",
      "detail-type": "Step Functions Execution Status Change",
      account: hub,
      region: "us-east-1",
      resources: [executionArn],
      detail: expect.objectContaining({
        executionArn,
        stateMachineArn: machine.arn,
        name: "one",
        status: "FAILED",
        startDate: clock.now() - 60_000,
        stopDate: clock.now(),
        input: `{"a":1}`,
        inputDetails: { included: true },
        output: null,
        error: "States.Timeout",
      }),
    });
  });
});

describe("a machine that the interpreter cannot run", () => {
  it("is refused at once", () => {
    const bad = { ...machine, definition: aDefinition({ A: { Type: "Map", End: true } }) };
    const deps = { store: openStore(":memory:"), clock, lambda, events: { publish: () => {} } };
    expect(() => createStates({ ...deps, machines: [bad] })).toThrow(/curfew-sandbox/);
  });
});
