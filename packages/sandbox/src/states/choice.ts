import type { ChoiceRule, ChoiceState } from "./definition.ts";
import { runtimeError, StateError } from "./failure.ts";
import { find } from "./paths.ts";

type Comparison = Exclude<
  keyof ChoiceRule,
  "Comment" | "Variable" | "IsPresent" | "And" | "Or" | "Not"
>;

/** Values of another type than the operator's do not match; they are no error. */
const comparisons: Record<Comparison, (value: unknown, operand: unknown) => boolean> = {
  StringEquals: (value, operand) => typeof value === "string" && value === operand,
  BooleanEquals: (value, operand) => typeof value === "boolean" && value === operand,
  NumericEquals: (value, operand) => typeof value === "number" && value === operand,
  NumericLessThan: (value, operand) => typeof value === "number" && value < Number(operand),
  NumericLessThanEquals: (value, operand) => typeof value === "number" && value <= Number(operand),
  NumericGreaterThan: (value, operand) => typeof value === "number" && value > Number(operand),
  NumericGreaterThanEquals: (value, operand) =>
    typeof value === "number" && value >= Number(operand),
};
const operators = Object.keys(comparisons) as Comparison[];

const holds = (rule: ChoiceRule, data: unknown, context: unknown): boolean => {
  if (rule.And) return rule.And.every((part) => holds(part, data, context));
  if (rule.Or) return rule.Or.some((part) => holds(part, data, context));
  if (rule.Not) return !holds(rule.Not, data, context);
  const path = rule.Variable ?? "$";
  const value = find(path, data, context);
  if (rule.IsPresent !== undefined) return (value !== undefined) === rule.IsPresent;
  if (value === undefined) {
    throw runtimeError(
      `Invalid path '${path}': The choice state's condition path references an invalid value.`,
    );
  }
  return operators.some(
    (operator) => rule[operator] !== undefined && comparisons[operator](value, rule[operator]),
  );
};

/**
 * The state that a `Choice` leads to.
 *
 * @throws StateError `States.NoChoiceMatched`, or `States.Runtime` when a variable is not there
 */
export const choose = (state: ChoiceState, data: unknown, context: unknown): string => {
  const next = state.Choices.find((rule) => holds(rule, data, context))?.Next ?? state.Default;
  if (next !== undefined) return next;
  throw new StateError(
    "States.NoChoiceMatched",
    "No choice rule matched, and there is no default.",
  );
};
