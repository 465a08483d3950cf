import * as z from "zod";
import type { Execution } from "../../states/execution.ts";
import type { HistoryEvent } from "../../states/history.ts";
import type { Runner } from "../../states/runner.ts";
import { accountOf } from "../arn.ts";
import { paginate } from "../pagination.ts";
import type { Call, Service } from "../service.ts";
import { validate } from "../validate.ts";
import type { LoadedMachine } from "./states.ts";

/** What the reading operations of Step Functions look things up with. The lookups throw the service's errors. */
interface ReadDeps {
  runner: Runner;
  machines: readonly LoadedMachine[];
  machineOf: (call: Call, arn: string) => LoadedMachine;
  executionAt: (call: Call, arn: string) => Execution;
}

const arn = z.string().min(1).max(256);
/** 0 asks for the default. */
const page = {
  maxResults: z.int().min(0).max(1000).default(100),
  nextToken: z.string().max(3096).optional(),
};
const Page = z.object(page);
const OfExecution = z.object({ executionArn: arn, includedData: z.string().optional() });
const OfMachine = z.object({ stateMachineArn: arn, includedData: z.string().optional() });
const History = z.object({
  executionArn: arn,
  reverseOrder: z.boolean().default(false),
  includeExecutionData: z.boolean().default(true),
  ...page,
});
const Executions = z.object({
  stateMachineArn: arn,
  statusFilter: z.enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]).optional(),
  ...page,
});

const sizeOf = (maxResults: number): number => (maxResults === 0 ? 100 : maxResults);
const dateOf = (time: number | undefined): Date | undefined =>
  time === undefined ? undefined : new Date(time);

/** When the machines of a deployment were created, as far as anybody can tell. */
const created = new Date("2024-01-01T00:00:00Z");

const included = (text: string | undefined): { included: boolean } | undefined =>
  text === undefined ? undefined : { included: true };

const summary = (execution: Execution) => ({
  executionArn: execution.arn,
  stateMachineArn: execution.machineArn,
  name: execution.name,
  status: execution.status,
  startDate: new Date(execution.startedAt),
  stopDate: dateOf(execution.stoppedAt),
  redriveCount: 0,
});

const description = (execution: Execution) => ({
  ...summary(execution),
  input: execution.input,
  inputDetails: included(execution.input),
  output: execution.output,
  outputDetails: included(execution.output),
  error: execution.error,
  cause: execution.cause,
  redriveStatus: "NOT_REDRIVABLE",
});

const describeMachine = (machine: LoadedMachine, definition: unknown) => ({
  stateMachineArn: machine.arn,
  name: machine.name,
  definition: JSON.stringify(definition),
  roleArn: machine.roleArn,
  loggingConfiguration: { level: "OFF", includeExecutionData: false },
  tracingConfiguration: { enabled: false },
});

/** The members that hold data of the execution. */
const data = ["input", "output", "parameters", "inputDetails", "outputDetails"];

const shown = ({ details, timestamp, ...event }: HistoryEvent, withData: boolean) => {
  if (!details) return { ...event, timestamp: new Date(timestamp) };
  const members = Object.entries(details.value).filter(([key]) => withData || !data.includes(key));
  return {
    ...event,
    timestamp: new Date(timestamp),
    [details.member]: Object.fromEntries(members),
  };
};

/** The operations of Step Functions that change nothing. */
export const readOperations = (deps: ReadDeps): Service["operations"] => {
  const { runner, machines, machineOf, executionAt } = deps;
  return {
    DescribeExecution: (call) =>
      description(executionAt(call, validate(OfExecution, call.input).executionArn)),

    GetExecutionHistory: (call) => {
      const input = validate(History, call.input);
      const { arn: executionArn } = executionAt(call, input.executionArn);
      const order = ({ id }: HistoryEvent): string =>
        String(input.reverseOrder ? 1_000_000 - id : id).padStart(7, "0");
      const { items, nextToken } = paginate(runner.history(executionArn), order, {
        list: `history ${executionArn} ${input.reverseOrder}`,
        token: input.nextToken,
        size: sizeOf(input.maxResults),
        invalidToken: "InvalidToken",
      });
      return { events: items.map((it) => shown(it, input.includeExecutionData)), nextToken };
    },

    ListExecutions: (call) => {
      const input = validate(Executions, call.input);
      const machine = machineOf(call, input.stateMachineArn);
      const matching = runner
        .list()
        .filter(({ machineArn }) => machineArn === machine.arn)
        .filter(({ status }) => status === (input.statusFilter ?? status));
      // The newest come first.
      const order = ({ startedAt, name }: Execution): string =>
        `${String(1e15 - startedAt).padStart(16, "0")} ${name}`;
      const { items, nextToken } = paginate(matching, order, {
        list: `executions ${machine.arn} ${input.statusFilter}`,
        token: input.nextToken,
        size: sizeOf(input.maxResults),
        invalidToken: "InvalidToken",
      });
      return { executions: items.map(summary), nextToken };
    },

    DescribeStateMachine: (call) => {
      const machine = machineOf(call, validate(OfMachine, call.input).stateMachineArn);
      return {
        ...describeMachine(machine, machine.definition),
        status: "ACTIVE",
        type: "STANDARD",
        creationDate: created,
      };
    },

    DescribeStateMachineForExecution: (call) => {
      const execution = executionAt(call, validate(OfExecution, call.input).executionArn);
      const machine = machineOf(call, execution.machineArn);
      return { ...describeMachine(machine, execution.definition), updateDate: created };
    },

    ListStateMachines: (call) => {
      const input = validate(Page, call.input);
      const mine = machines.filter((machine) => accountOf(machine.arn) === call.caller.accountId);
      const { items, nextToken } = paginate(mine, ({ name }) => name, {
        list: "machines",
        token: input.nextToken,
        size: sizeOf(input.maxResults),
        invalidToken: "InvalidToken",
      });
      const stateMachines = items.map(({ arn: stateMachineArn, name }) => ({
        stateMachineArn,
        name,
        type: "STANDARD",
        creationDate: created,
      }));
      return { stateMachines, nextToken };
    },
  };
};
