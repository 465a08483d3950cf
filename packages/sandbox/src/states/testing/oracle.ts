import {
  type StateMachineDefinition as OracleDefinition,
  StateMachine,
} from "aws-local-stepfunctions";
import { named } from "../../testing/fake-lambda.ts";
import { type Act, actOf, failureName, type Script, type Trace } from "./script.ts";

/*
 * `aws-local-stepfunctions`, a second opinion on the language. Where it is known to differ from AWS the definition
 * or what it reports is adapted here, and nowhere else:
 *
 * 1. It reads TimeoutSecondsPath after Parameters, AWS before: the path is moved into the payload's `input`.
 * 2. Its context is fixed when a run begins: the state's name is written into the template, and what else changes
 *    from state to state (token, time of entry) is a constant here and made one in the other trace.
 * 3. It takes what a handler answers for a task's result: handlers answer Lambda's envelope themselves.
 * 4. It has no task tokens: the handler's answer stands for the token's completion.
 * 5. A timeout of its own kind takes real time: handlers throw an error of that name, which its States.TaskFailed
 *    would take and AWS's does not.
 * 6. An error's Cause is the message alone, and a timeout has one: causes are left out of the comparison.
 * 7. Its waits and its retries' delays take real time, too: both are overridden with 0.
 * 8. It calls a task before it looks at its timeout: a timeout of nothing is not compared.
 */

const adapted = (definition: Record<string, unknown>): OracleDefinition => {
  const copy = structuredClone(definition) as { States: Record<string, Record<string, unknown>> };
  for (const [name, state] of Object.entries(copy.States)) {
    const { Parameters } = state;
    if (Parameters !== undefined) {
      const text = JSON.stringify(Parameters);
      state.Parameters = JSON.parse(
        text.replaceAll(`"state.$":"$$.State.Name"`, `"state":${JSON.stringify(name)}`),
      );
    }
    if (typeof state.TimeoutSecondsPath === "string") {
      state.TimeoutSecondsPath = state.TimeoutSecondsPath.replace("$.", "$.Payload.input.");
    }
  }
  // Checked by the library itself: this is the language that it reads.
  return copy as unknown as OracleDefinition;
};

const result = (act: Act, isWait: boolean): unknown => {
  if ("answer" in act) return isWait ? act.answer : { Payload: act.answer, StatusCode: 200 };
  throw named(failureName(act));
};

/** Runs a definition on the oracle, with scripted tasks and without waiting. */
export const traceOfOracle = async (
  definition: Record<string, unknown>,
  input: unknown,
  script: Script,
): Promise<Trace> => {
  const oracle = adapted(definition);
  const trace: Trace = { entered: [], exited: [], calls: [], outcome: "" };
  const made = new Map<string, number>();

  const handlers = Object.entries(oracle.States).flatMap(([state, { Type, ...fields }]) => {
    if (Type !== "Task") return [];
    const isWait = "Resource" in fields && fields.Resource.endsWith(".waitForTaskToken");
    const handler = (parameters: unknown): never => {
      const { Payload } = parameters as { Payload: unknown };
      trace.calls.push({ state, payload: Payload });
      return result(actOf(script, state, made), isWait) as never;
    };
    return [[state, handler] as const];
  });
  const names = Object.keys(oracle.States);
  const zero = Object.fromEntries(names.map((name) => [name, 0]));
  // Validated by the interpreter, which is stricter; here it would cost most of the time.
  const machine = new StateMachine(oracle, { validationOptions: { noValidate: true } });
  const { result: end, eventLogs } = machine.run(input as never, {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(handlers),
      waitTimeOverrides: zero,
      retryIntervalOverrides: zero,
    },
    context: {
      Execution: { Name: "one" },
      State: { EnteredTime: "the time of entry" },
      Task: { Token: "a token" },
    },
  });
  // Its rejection says the same as the last event.
  end.catch(() => {});
  for await (const event of eventLogs) {
    if (event.type === "StateEntered") {
      trace.entered.push({ state: event.state.name, input: event.state.input });
    }
    if (event.type === "StateExited") {
      trace.exited.push({ state: event.state.name, output: event.state.output });
    }
    if (event.type === "ExecutionSucceeded") trace.outcome = "succeeded";
    if (event.type === "ExecutionFailed") trace.outcome = `failed: ${event.Error}`;
  }
  return trace;
};
