import {
  type StateMachineDefinition as OracleDefinition,
  StateMachine,
} from "aws-local-stepfunctions";
import type { StateMachineDefinition } from "../asl.ts";
import type { WorkflowInput } from "../schemas.ts";
import { aDefinition } from "./fixtures.ts";

/** What a fake task does when it is called once: answers, or fails under an error name. */
export type Act = { answer: unknown } | { error: string };

/** Scripts by state name; the last act of a script is repeated. */
export type Script = Readonly<Record<string, readonly Act[]>>;

/** What came of a run. */
export interface Run {
  /** The states entered, in order. */
  states: string[];
  /** The payloads by state, in order. */
  payloads: Record<string, unknown[]>;
  outcome: "succeeded" | { failed: string };
}

/**
 * The definition as `aws-local-stepfunctions` reads it. That library evaluates `TimeoutSecondsPath` after
 * `Parameters`, AWS before; and its tasks answer what the function answered, not the service's envelope.
 */
const forOracle = (definition: StateMachineDefinition): OracleDefinition => {
  const copy = structuredClone(definition);
  const states = Object.entries(copy.States).map(([name, state]) => {
    if (state.Type !== "Task") return [name, state];
    const { TimeoutSecondsPath: path, ...rest } = state;
    const timeout = path ? { TimeoutSecondsPath: path.replace("$.", "$.Payload.input.") } : {};
    return [name, { ...rest, ...timeout }];
  });
  // Its types are mutable where ours are readonly, and otherwise the same language.
  return { ...copy, States: Object.fromEntries(states) } as OracleDefinition;
};

class TaskError extends Error {
  constructor(name: string) {
    super("the fake task failed");
    this.name = name;
  }
}

/** Runs the workflow on `aws-local-stepfunctions` with scripted tasks and without waiting. */
export const runOnOracle = async (input: WorkflowInput, script: Script): Promise<Run> => {
  const definition = aDefinition();
  const machine = new StateMachine(forOracle(definition), {
    // The definition's own test validates it, once.
    validationOptions: { noValidate: true },
  });
  const payloads: Record<string, unknown[]> = {};

  const taskResourceLocalHandlers = Object.fromEntries(
    Object.entries(definition.States)
      .filter(([, state]) => state.Type === "Task")
      .map(([name]) => [
        name,
        (parameters: unknown) => {
          const { Payload: payload } = parameters as { Payload: unknown };
          const calls = [...(payloads[name] ?? []), payload];
          payloads[name] = calls;
          const acts = script[name] ?? [];
          const act = acts[calls.length - 1] ?? acts.at(-1);
          if (!act) throw new TaskError("States.Runtime");
          if ("error" in act) throw new TaskError(act.error);
          return act.answer as never;
        },
      ]),
  );
  const { result, eventLogs } = machine.run(input, {
    overrides: {
      taskResourceLocalHandlers,
      waitTimeOverrides: {
        "Pause before approval": 0,
        "Wait for start": 0,
        "Pause before deescalation": 0,
      },
      retryIntervalOverrides: Object.fromEntries(
        Object.keys(definition.States).map((name) => [name, 0]),
      ),
    },
    context: {
      Execution: { Name: `${input.request}.${input.k}` },
      State: { Name: "a state", EnteredTime: "2026-01-01T00:00:00.000Z" },
      Task: { Token: "a token" },
    },
  });
  const outcome = result.then(
    (): Run["outcome"] => "succeeded",
    (error: Error): Run["outcome"] => ({ failed: (error.cause as Error).name }),
  );
  const states: string[] = [];
  for await (const event of eventLogs) {
    if (event.type === "StateEntered") states.push(event.state.name);
  }
  return { states, payloads, outcome: await outcome };
};
