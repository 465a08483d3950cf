import { strategyDefinitions } from "@curfew/aws";
import { expect, test } from "vitest";
import * as z from "zod";
import { propertiesOf, roleNamed } from "./graph.ts";

const Transition = z.object({ Next: z.string() });

const State = z.looseObject({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  End: z.boolean().optional(),
  Choices: z.array(Transition).default([]),
  Catch: z.array(Transition).default([]),
  Parameters: z
    .object({ FunctionName: z.string().optional(), "FunctionName.$": z.string().optional() })
    .optional(),
});
type State = z.infer<typeof State>;

const machines = propertiesOf(
  "aws:sfn/stateMachine:StateMachine",
  z.object({
    name: z.string(),
    roleArn: z.string(),
    definition: z.object({ StartAt: z.string(), States: z.record(z.string(), State) }),
  }),
);
const machine = machines[0];
if (!machine || machines.length > 1) throw new Error("There is not exactly one state machine");
const states = machine.definition.States;

const successors = ({ Next, Default, Choices, Catch }: State): string[] => [
  ...(Next ? [Next] : []),
  ...(Default ? [Default] : []),
  ...[...Choices, ...Catch].map((transition) => transition.Next),
];

/** The states in which an execution can end that began at `from` and never passed `gate`. */
const endsWithout = (gate: string, from: string, among: Record<string, State>): string[] => {
  const seen = new Set<string>();
  const ends: string[] = [];
  const waiting = [from];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === gate || seen.has(name)) continue;
    seen.add(name);
    const state = among[name];
    if (!state) throw new Error(`There is no state ${name}`);
    const next = successors(state);
    if (next.length === 0 || state.End) ends.push(name);
    waiting.push(...next);
  }
  return ends;
};

test("every path from Arm revocation on passes Deescalate before it ends", () => {
  expect(endsWithout("Deescalate", "Arm revocation", states)).toEqual([]);
});

test("a path that avoids Deescalate would be noticed", () => {
  const escalate = State.parse({ ...states.Escalate, Catch: [{ Next: "Done" }] });
  const broken = { ...states, Escalate: escalate };
  expect(endsWithout("Deescalate", "Arm revocation", broken)).toEqual(["Done"]);
});

test("nothing is granted unless arm-revocation has found it approved, and has armed its end", () => {
  const granting = Object.entries(states).filter(([, state]) =>
    successors(state).includes("Escalate"),
  );
  expect(granting.map(([name]) => name).sort()).toEqual(["Arm revocation", "Decided?"]);
  for (const [, { Next, Parameters }] of granting) {
    expect(Parameters?.FunctionName).toMatch(/:curfew-sandbox-arm-revocation$/);
    expect(Next).toBe("Escalate");
  }
  expect(machine.definition.StartAt).not.toBe("Escalate");
});

/** The functions that a task's parameter names: for a formatted one, those of each strategy. */
const functionsIn = (functionName: string | undefined): string[] => {
  const [, prefix] = /^States\.Format\('(.+)\{\}', \$\.strategy\)$/.exec(functionName ?? "") ?? [];
  if (prefix !== undefined) return strategyDefinitions.map(({ name }) => `${prefix}${name}`);
  return functionName === undefined ? [] : [functionName];
};

test("the machine may invoke the functions of its states and nothing else", () => {
  const { arn, statements, trust } = roleNamed("curfew-sandbox-workflow");
  expect(machine.roleArn).toBe(arn);
  expect(trust[0]?.Principal).toEqual({ Service: ["states.amazonaws.com"] });
  const called = Object.values(states).flatMap(({ Parameters = {} }) =>
    functionsIn(Parameters.FunctionName ?? Parameters["FunctionName.$"]),
  );
  expect(statements.flatMap(({ Action }) => Action)).toEqual(["lambda:InvokeFunction"]);
  expect(new Set(statements.flatMap(({ Resource }) => Resource))).toEqual(new Set(called));
});
