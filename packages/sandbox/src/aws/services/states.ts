import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Clock } from "../../clock.ts";
import type { LambdaRuntime } from "../../lambda/runtime.ts";
import type { Definition } from "../../states/definition.ts";
import type { Execution } from "../../states/execution.ts";
import { largestPayload } from "../../states/failure.ts";
import { loadDefinition } from "../../states/load.ts";
import { createRunner, type Runner } from "../../states/runner.ts";
import { statusChange } from "../../states/status-change.ts";
import { executionOf } from "../../states/token.ts";
import type { Store } from "../../store.ts";
import { accountOf } from "../arn.ts";
import { accessDenied } from "../authorize.ts";
import type { EventBus } from "../events-bus.ts";
import { AwsError, type Call, type Service } from "../service.ts";
import { validate } from "../validate.ts";
import { readOperations } from "./states-read.ts";

/** A state machine of the deployment. */
export interface Machine {
  name: string;
  arn: string;
  roleArn: string;
  definition: unknown;
}

/** A {@link Machine} whose definition the interpreter can run. */
export interface LoadedMachine extends Machine {
  loaded: Definition;
}

/** Names of closed executions are kept this long, in milliseconds. */
const nameKept = 90 * 24 * 60 * 60 * 1000;

const arn = z.string().min(1).max(256);
const json = z.string().max(largestPayload);
const error = z.string().max(256).optional();
const cause = z.string().max(32_768).optional();
const taskToken = z.string().min(1).max(2048);
const Start = z.object({
  stateMachineArn: arn,
  name: z.string().min(1).max(80).optional(),
  input: json.default("{}"),
  traceHeader: z.string().optional(),
});
const Stop = z.object({ executionArn: arn, error, cause });
const TaskSuccess = z.object({ taskToken, output: json });
const TaskFailure = z.object({ taskToken, error, cause });
const TaskHeartbeat = z.object({ taskToken });

/** What AWS forbids in names: spaces, wildcards, brackets, special and control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

const parseJson = (text: string, code: string, what: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (reason) {
    const said = reason instanceof Error ? reason.message : String(reason);
    throw new AwsError(code, `Invalid ${what}: '${said}'`);
  }
};

/** Begins an execution, or answers the running one of the same name and input. */
const start = (deps: { runner: Runner; clock: Clock }, machine: LoadedMachine, call: Call) => {
  const { name = randomUUID(), input } = validate(Start, call.input);
  if (forbidden.test(name)) throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
  parseJson(input, "InvalidExecutionInput", "State Machine Execution Input");
  const { runner, clock } = deps;
  const executionArn = `${machine.arn.replace(":stateMachine:", ":execution:")}:${name}`;
  const earlier = runner.get(executionArn);
  if (earlier?.status === "RUNNING" && earlier.input === input) {
    return { executionArn, startDate: new Date(earlier.startedAt) };
  }
  const taken = earlier && (earlier.stoppedAt ?? clock.now()) > clock.now() - nameKept;
  if (taken) {
    throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${executionArn}'`);
  }
  const execution: Execution = {
    arn: executionArn,
    name,
    machineArn: machine.arn,
    roleArn: machine.roleArn,
    definition: machine.loaded,
    input,
    status: "RUNNING",
    startedAt: clock.now(),
    events: 0,
  };
  runner.start(execution);
  return { executionArn, startDate: new Date(execution.startedAt) };
};

/** The execution that waits for a token. `TaskTimedOut` says as well that the task was completed before. */
const holderOf = (runner: Runner, token: string): string => {
  const executionArn = executionOf(token);
  if (executionArn === undefined) {
    throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
  }
  if (runner.get(executionArn) === undefined) {
    throw new AwsError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'");
  }
  if (!runner.awaits(executionArn, token)) {
    throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }
  return executionArn;
};

const tokenOperations = (runner: Runner): Service["operations"] => ({
  SendTaskSuccess: (call) => {
    const { taskToken: token, output } = validate(TaskSuccess, call.input);
    const parsed = parseJson(output, "InvalidOutput", "Output");
    runner.signal(holderOf(runner, token), { type: "token succeeded", token, output: parsed });
    return {};
  },
  SendTaskFailure: (call) => {
    const { taskToken: token, ...failure } = validate(TaskFailure, call.input);
    runner.signal(holderOf(runner, token), { type: "token failed", token, ...failure });
    return {};
  },
  SendTaskHeartbeat: (call) => {
    holderOf(runner, validate(TaskHeartbeat, call.input).taskToken);
    return {};
  },
});

/**
 * Step Functions, for the state machines of the deployment: they are neither created nor changed by calls.
 *
 * @throws Error when the interpreter cannot run one of them as AWS would
 */
export const createStates = (deps: {
  store: Store;
  clock: Clock;
  lambda: LambdaRuntime;
  events: EventBus;
  machines: readonly Machine[];
}): Service & { resume(): void; stop(): void } => {
  const { store, clock, lambda, events } = deps;
  const machines = deps.machines.map((machine) => ({
    ...machine,
    loaded: loadDefinition(machine.name, machine.definition),
  }));
  const runner = createRunner({
    store,
    clock,
    lambda,
    changed: (execution) => events.publish(statusChange(execution)),
  });

  const requireArn = (call: Call, given: string): void => {
    if (!/^arn:[\w-]+:states:[\w-]+:\d{12}:\w+:/.test(given))
      throw new AwsError("InvalidArn", `Invalid Arn: 'Invalid ARN: ${given}'`);
    if (accountOf(given) !== call.caller.accountId)
      throw accessDenied({ signingName: "states" }, call, given);
  };
  const machineOf = (call: Call, machineArn: string): LoadedMachine => {
    requireArn(call, machineArn);
    const found = machines.find((machine) => machine.arn === machineArn);
    if (found) return found;
    const code = "StateMachineDoesNotExist";
    throw new AwsError(code, `State Machine Does Not Exist: '${machineArn}'`);
  };
  const executionAt = (call: Call, executionArn: string): Execution => {
    requireArn(call, executionArn);
    const found = runner.get(executionArn);
    if (found) return found;
    throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${executionArn}'`);
  };

  const machine = ({ input }: Call): readonly string[] => [String(input.stateMachineArn)];
  const execution = ({ input }: Call): readonly string[] => [String(input.executionArn)];

  return {
    signingName: "states",
    // The token operations know no resource but `*`.
    resources: {
      StartExecution: machine,
      DescribeStateMachine: machine,
      ListExecutions: machine,
      StopExecution: execution,
      DescribeExecution: execution,
      GetExecutionHistory: execution,
      DescribeStateMachineForExecution: execution,
    },
    operations: {
      StartExecution: (call) =>
        start(
          { runner, clock },
          machineOf(call, validate(Start, call.input).stateMachineArn),
          call,
        ),
      StopExecution: (call) => {
        const { executionArn, ...why } = validate(Stop, call.input);
        executionAt(call, executionArn);
        runner.signal(executionArn, { type: "stopped", ...why });
        return { stopDate: new Date(executionAt(call, executionArn).stoppedAt ?? clock.now()) };
      },
      ...tokenOperations(runner),
      ...readOperations({ runner, machines, machineOf, executionAt }),
    },
    resume: runner.resume,
    stop: runner.stop,
  };
};
