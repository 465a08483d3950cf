import type { Config, Workflow } from "@curfew/core";
import { Crash, type VirtualClock } from "@curfew/core/testing";
import { buildDefinition } from "@curfew/workflow";
import {
  awaits,
  dueOf,
  type Execution,
  type Signal,
} from "../../packages/sandbox/src/states/execution.ts";
import { loadDefinition } from "../../packages/sandbox/src/states/load.ts";
import { step } from "../../packages/sandbox/src/states/step.ts";
import { workflowFunctions } from "./functions.ts";
import type { Invoke } from "./network.ts";

const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:666666666666:function:${name}`;
const machineArn = "arn:aws:states:us-east-1:666666666666:stateMachine:curfew";

/** The shipped definition. */
const definition = loadDefinition(
  "curfew",
  buildDefinition({
    "await-approval": arnOf("await-approval"),
    "arm-revocation": arnOf("arm-revocation"),
    escalate: arnOf("escalate"),
    "await-expiry": arnOf("await-expiry"),
    deescalate: arnOf("deescalate"),
  }),
);

/** How Step Functions names what a function threw, or its death. */
const failureOf = (error: unknown): { error: string; cause: string } => {
  if (error instanceof Crash) return { error: "Runtime.ExitError", cause: error.message };
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { error: name, cause: JSON.stringify({ errorType: name, errorMessage: message }) };
};

/** Executions of the shipped state machine, in the sandbox's interpreter. */
export interface StateMachine extends Workflow {
  /** Stops an execution from outside. */
  stop(name: string): void;
}

/** @param ended receives the name of each execution that fails, times out or is stopped */
export const createStateMachine = (
  clock: VirtualClock,
  invoke: Invoke,
  config: Config,
  random: () => number,
  ended: (name: string) => void,
): StateMachine => {
  const functions = workflowFunctions(config);
  const executions = new Map<string, Execution>();
  const token = (executionArn: string, task: number): string =>
    `${executionArn.slice(executionArn.lastIndexOf(":") + 1)}/${task}`;

  const signal = (name: string, given: Signal): void => {
    const before = executions.get(name);
    if (before === undefined) return;
    const { execution, history, invocation } = step(before, given, {
      now: clock.now(),
      random,
      token,
    });
    if (history.length === 0 && execution.status === before.status) return;
    executions.set(name, execution);
    const due = dueOf(execution);
    if (due !== undefined && due !== dueOf(before))
      void clock.sleep(due - clock.now()).then(() => signal(name, { type: "time" }));
    if (invocation !== undefined) void call(name, invocation);
    if (execution.status !== "RUNNING" && execution.status !== "SUCCEEDED") ended(name);
  };

  const call = async (
    name: string,
    { task, functionArn, payload }: { task: number; functionArn: string; payload: unknown },
  ): Promise<void> => {
    const called = functions[functionArn.slice(functionArn.lastIndexOf(":") + 1)];
    if (called === undefined) throw new Error(`There is no function ${functionArn}.`);
    const answer = await invoke(called.timeout, (ports, invocation) =>
      called.handle(ports, payload, invocation),
    ).then(
      (result): Signal => ({ type: "answered", task, result: { Payload: result ?? null } }),
      (error: unknown): Signal => ({ type: "failed", task, ...failureOf(error) }),
    );
    signal(name, answer);
  };

  return {
    start: async (input) => {
      const name = `${input.request}.${input.k}`;
      if (executions.has(name)) return;
      executions.set(name, {
        arn: `${machineArn.replace("stateMachine", "execution")}:${name}`,
        name,
        machineArn,
        roleArn: "arn:aws:iam::666666666666:role/curfew/workflow",
        definition,
        input: JSON.stringify(input),
        status: "RUNNING",
        startedAt: clock.now(),
        events: 0,
      });
      signal(name, { type: "started" });
    },
    status: async (request, k) => {
      const execution = executions.get(`${request}.${k}`);
      if (execution === undefined) return "absent";
      return execution.status === "RUNNING" ? "running" : "ended";
    },
    signal: async (given, output) => {
      const name = given.slice(0, given.indexOf("/"));
      const execution = executions.get(name);
      if (execution === undefined || !awaits(execution, given)) return "stale";
      signal(name, { type: "token succeeded", token: given, output });
      return "sent";
    },
    stop: (name) => signal(name, { type: "stopped" }),
  };
};
