import * as z from "zod";

/** Whether an event is one that a rule waits for. */
export type EventMatcher = (event: unknown) => boolean;

type Test = (value: unknown) => boolean;

const Leaf = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Condition = z.union([
  z.strictObject({ prefix: z.string() }),
  z.strictObject({ suffix: z.string() }),
  z.strictObject({ "equals-ignore-case": z.string() }),
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({ "anything-but": z.union([Leaf, z.array(Leaf)]) }),
]);
const Alternatives = z.array(z.union([Leaf, Condition]));
const Branch = z.record(z.string(), z.unknown());

const testOf = (alternative: z.infer<typeof Alternatives>[number]): Test => {
  if (typeof alternative !== "object" || alternative === null) {
    return (value) => value === alternative;
  }
  if ("prefix" in alternative) {
    return (value) => typeof value === "string" && value.startsWith(alternative.prefix);
  }
  if ("suffix" in alternative) {
    return (value) => typeof value === "string" && value.endsWith(alternative.suffix);
  }
  if ("equals-ignore-case" in alternative) {
    const expected = alternative["equals-ignore-case"].toLowerCase();
    return (value) => typeof value === "string" && value.toLowerCase() === expected;
  }
  if ("exists" in alternative) return (value) => (value !== undefined) === alternative.exists;
  const excluded = [alternative["anything-but"]].flat();
  return (value) => value !== undefined && !excluded.some((it) => it === value);
};

/** An array in the event matches when one of its values does. */
const leafMatcher = (pattern: readonly unknown[], where: string): EventMatcher => {
  const alternatives = Alternatives.safeParse(pattern);
  if (!alternatives.success) {
    throw new Error(`The event pattern asks for something the sandbox does not know at ${where}.`);
  }
  const tests = alternatives.data.map(testOf);
  return (event) => {
    const values = Array.isArray(event) ? event : [event];
    return tests.some((test) => values.some(test));
  };
};

const memberOf = (event: unknown, name: string): unknown => {
  const branch = Branch.safeParse(event).data;
  return branch !== undefined && Object.hasOwn(branch, name) ? branch[name] : undefined;
};

/**
 * Compiles a rule's pattern: exact values, prefix, suffix, equals-ignore-case, exists and
 * anything-but, as in https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 *
 * @throws Error for any other operator, since a rule that silently never matches would be a lie
 */
export const compilePattern = (pattern: unknown, where = "the top"): EventMatcher => {
  if (Array.isArray(pattern)) return leafMatcher(pattern, where);
  const members = Object.entries(Branch.parse(pattern)).map(([name, inner]) => ({
    name,
    matches: compilePattern(inner, `${where}.${name}`),
  }));
  if (members.some(({ name }) => name === "$or")) {
    throw new Error(`The event pattern asks for something the sandbox does not know at ${where}.`);
  }
  return (event) => members.every(({ name, matches }) => matches(memberOf(event, name)));
};
