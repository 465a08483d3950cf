import * as z from "zod";
import { type ChoiceRule, Definition, type State } from "./definition.ts";

const nextOf = (state: State): (string | undefined)[] => {
  switch (state.Type) {
    case "Choice":
      return [...state.Choices.map((choice) => choice.Next), state.Default];
    case "Task":
      return [state.Next, ...(state.Catch ?? []).map((catcher) => catcher.Next)];
    case "Wait":
    case "Pass":
      return [state.Next];
    case "Succeed":
    case "Fail":
      return [];
    default:
      return state satisfies never;
  }
};

/** A rule without an operator would never match, and with two only AWS knows which counts. */
const operatorFaults = (rule: ChoiceRule): string[] => {
  const { Comment, Variable, And = [], Or = [], Not, ...operators } = rule;
  const { Next, ...comparisons } = { Next: undefined, ...operators };
  const combined = [rule.And, rule.Or, rule.Not].filter((part) => part !== undefined).length;
  const compared = Object.values(comparisons).filter((operand) => operand !== undefined).length;
  const variable = Variable === undefined ? 0 : 1;
  const fits = combined + compared === 1 && compared === variable;
  return [
    ...(fits ? [] : ["a choice needs one operator, and a Variable for a comparison"]),
    ...[...And, ...Or, ...(Not ? [Not] : [])].flatMap(operatorFaults),
  ];
};

/** What no schema can say: where transitions lead, and that a state has exactly one way on. */
const faultsOf = (definition: Definition): string[] => {
  const names = new Set(Object.keys(definition.States));
  const faults = names.has(definition.StartAt)
    ? []
    : [`StartAt: no state is named ${definition.StartAt}`];
  for (const [name, state] of Object.entries(definition.States)) {
    for (const next of nextOf(state)) {
      if (next !== undefined && !names.has(next)) {
        faults.push(`States.${name}: no state is named ${next}`);
      }
    }
    if (state.Type === "Choice") {
      faults.push(...state.Choices.flatMap(operatorFaults).map((it) => `States.${name}: ${it}`));
    } else if (state.Type === "Task" || state.Type === "Pass" || state.Type === "Wait") {
      const ways = [state.Next, state.End].filter((way) => way !== undefined).length;
      if (ways !== 1) faults.push(`States.${name}: needs either Next or End`);
    }
  }
  return faults;
};

/**
 * Reads a state machine's definition.
 *
 * @param name the machine's, for messages
 * @throws Error that names every field or state which the interpreter does not know
 */
export const loadDefinition = (name: string, definition: unknown): Definition => {
  const parsed = Definition.safeParse(definition);
  const faults = parsed.success ? faultsOf(parsed.data) : [z.prettifyError(parsed.error)];
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new Error(
    `the sandbox cannot run the state machine ${name} as AWS would:\n${faults.join("\n")}`,
  );
};
