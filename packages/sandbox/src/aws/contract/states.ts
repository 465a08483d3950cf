import {
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
  SFN,
} from "@aws-sdk/client-sfn";
import { expect } from "vitest";
import type { Contract, PagedList } from "./contract.ts";
import { machineArn as stateMachineArn, type World } from "./world.ts";

const as = (config: World["hub"]) => new SFN(config);
const absentMachine = { stateMachineArn: stateMachineArn.replace(/[^:]*$/, "absent") };
const absent = {
  executionArn: `${stateMachineArn.replace(":stateMachine:", ":execution:")}:absent`,
};

/** Starts an execution, which waits for its token then. */
const begin = async (world: World): Promise<{ executionArn: string; taskToken: string }> => {
  const { executionArn = "" } = await as(world.hub).startExecution({ stateMachineArn });
  await world.clock.advance(0);
  const payload = world.workflow.calls.at(-1)?.payload;
  if (typeof payload !== "object" || payload === null || !("token" in payload))
    throw new Error("the execution does not wait");
  return { executionArn, taskToken: String(payload.token) };
};

const statusOf = async (world: World, executionArn: string): Promise<string | undefined> => {
  await world.clock.advance(0);
  return (await as(world.hub).describeExecution({ executionArn })).status;
};

export const states: Contract = {
  StartExecution: {
    answers: async ({ hub }) => {
      const started = await as(hub).startExecution({ stateMachineArn, name: "one", input: "{}" });
      expect(started).toMatchObject({ startDate: expect.any(Date) });
      const again = await as(hub).startExecution({ stateMachineArn, name: "one", input: "{}" });
      expect(again.executionArn).toBe(started.executionArn);
    },
    refuses: {
      ExecutionAlreadyExists: ({ hub }) =>
        as(hub).startExecution({ stateMachineArn, name: "one", input: "[]" }),
      StateMachineDoesNotExist: ({ hub }) => as(hub).startExecution(absentMachine),
      InvalidName: ({ hub }) => as(hub).startExecution({ stateMachineArn, name: "one two" }),
      InvalidExecutionInput: ({ hub }) => as(hub).startExecution({ stateMachineArn, input: "{" }),
      AccessDeniedException: ({ management }) => as(management).startExecution({ stateMachineArn }),
    },
  },
  StopExecution: {
    answers: async (world) => {
      const { executionArn } = await begin(world);
      const { stopDate } = await as(world.hub).stopExecution({ executionArn, cause: "enough" });
      expect(stopDate).toEqual(new Date(world.clock.now()));
      expect(await statusOf(world, executionArn)).toBe("ABORTED");
    },
    refuses: { ExecutionDoesNotExist: ({ hub }) => as(hub).stopExecution(absent) },
  },
  SendTaskSuccess: {
    answers: async (world) => {
      const { executionArn, taskToken } = await begin(world);
      await as(world.hub).sendTaskSuccess({ taskToken, output: "{}" });
      expect(await statusOf(world, executionArn)).toBe("SUCCEEDED");
    },
    refuses: {
      TaskTimedOut: async (world) => {
        const { taskToken } = await begin(world);
        await as(world.hub).sendTaskSuccess({ taskToken, output: "{}" });
        await as(world.hub).sendTaskSuccess({ taskToken, output: "{}" });
      },
      InvalidToken: ({ hub }) => as(hub).sendTaskSuccess({ taskToken: "x", output: "{}" }),
      InvalidOutput: async (world) => {
        const { taskToken } = await begin(world);
        await as(world.hub).sendTaskSuccess({ taskToken, output: "{" });
      },
    },
  },
  SendTaskFailure: {
    answers: async (world) => {
      const { executionArn, taskToken } = await begin(world);
      await as(world.hub).sendTaskFailure({ taskToken, error: "Mine", cause: "mine" });
      expect(await statusOf(world, executionArn)).toBe("FAILED");
    },
    refuses: { InvalidToken: ({ hub }) => as(hub).sendTaskFailure({ taskToken: "x" }) },
  },
  SendTaskHeartbeat: {
    answers: async (world) => {
      const { taskToken } = await begin(world);
      await as(world.hub).sendTaskHeartbeat({ taskToken });
    },
    refuses: { InvalidToken: ({ hub }) => as(hub).sendTaskHeartbeat({ taskToken: "x" }) },
  },
  DescribeExecution: {
    answers: async (world) => {
      const { executionArn } = await begin(world);
      const execution = await as(world.hub).describeExecution({ executionArn });
      expect(execution).toMatchObject({ stateMachineArn, status: "RUNNING", input: "{}" });
    },
    refuses: {
      ExecutionDoesNotExist: ({ hub }) => as(hub).describeExecution(absent),
      InvalidArn: ({ hub }) => as(hub).describeExecution({ executionArn: "absent" }),
      AccessDeniedException: ({ management }) => as(management).describeExecution(absent),
    },
  },
  DescribeStateMachine: {
    answers: async ({ hub }) => {
      const machine = await as(hub).describeStateMachine({ stateMachineArn });
      expect(machine).toMatchObject({ name: "curfew-sandbox", type: "STANDARD", status: "ACTIVE" });
      expect(JSON.parse(machine.definition ?? "")).toMatchObject({ StartAt: "A" });
    },
    refuses: { StateMachineDoesNotExist: ({ hub }) => as(hub).describeStateMachine(absentMachine) },
  },
  DescribeStateMachineForExecution: {
    answers: async (world) => {
      const { executionArn } = await begin(world);
      const machine = await as(world.hub).describeStateMachineForExecution({ executionArn });
      expect(machine).toMatchObject({ stateMachineArn, updateDate: expect.any(Date) });
    },
    refuses: {
      ExecutionDoesNotExist: ({ hub }) => as(hub).describeStateMachineForExecution(absent),
    },
  },
  GetExecutionHistory: {
    answers: async (world) => {
      const { executionArn } = await begin(world);
      const client = as(world.hub);
      const { events } = await client.getExecutionHistory({ executionArn });
      expect(events?.[0]).toMatchObject({ id: 1, type: "ExecutionStarted", previousEventId: 0 });
      const reversed = await client.getExecutionHistory({ executionArn, reverseOrder: true });
      expect(reversed.events).toEqual(events?.toReversed());
    },
    refuses: {
      ExecutionDoesNotExist: ({ hub }) => as(hub).getExecutionHistory(absent),
      InvalidToken: async (world) => {
        const { executionArn } = await begin(world);
        await as(world.hub).getExecutionHistory({ executionArn, nextToken: "none of ours" });
      },
    },
  },
  ListExecutions: {
    answers: async (world) => {
      await begin(world);
      const { executions } = await as(world.hub).listExecutions({
        stateMachineArn,
        statusFilter: "RUNNING",
      });
      expect(executions?.[0]).toMatchObject({ stateMachineArn, startDate: expect.any(Date) });
    },
    refuses: {
      StateMachineDoesNotExist: ({ hub }) => as(hub).listExecutions(absentMachine),
      InvalidToken: ({ hub }) =>
        as(hub).listExecutions({ stateMachineArn, nextToken: "none of ours" }),
    },
  },
  ListStateMachines: {
    answers: async ({ hub, management }) => {
      const { stateMachines } = await as(hub).listStateMachines({});
      expect(stateMachines?.map(({ name }) => name)).toEqual(["another", "curfew-sandbox"]);
      expect((await as(management).listStateMachines({})).stateMachines).toEqual([]);
    },
    refuses: {
      InvalidToken: ({ hub }) => as(hub).listStateMachines({ nextToken: "none of ours" }),
    },
  },
};

export const statesLists: readonly PagedList[] = [
  {
    operation: "ListExecutions",
    pages: ({ hub }, pageSize) =>
      paginateListExecutions({ client: as(hub), pageSize }, { stateMachineArn }),
    member: "executions",
  },
  {
    operation: "ListStateMachines",
    pages: ({ hub }, pageSize) => paginateListStateMachines({ client: as(hub), pageSize }, {}),
    member: "stateMachines",
  },
  {
    operation: "GetExecutionHistory",
    pages: async function* (world, pageSize) {
      const { executions } = await as(world.hub).listExecutions({ stateMachineArn });
      const executionArn = executions?.[0]?.executionArn;
      yield* paginateGetExecutionHistory({ client: as(world.hub), pageSize }, { executionArn });
    },
    member: "events",
  },
];
