import { runtimeError, StateError } from "./failure.ts";

/** One step of a reference path: a member's name or an element's index. */
type Step = string | number;

const step =
  /^(?:\.([\p{L}_][\p{L}\p{N}_-]*)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\])/u;

const parsed = new Map<string, { context: boolean; steps: readonly Step[] }>();

const parse = (path: string): { context: boolean; steps: readonly Step[] } | undefined => {
  const context = path.startsWith("$$");
  if (!context && !path.startsWith("$")) return undefined;
  const steps: Step[] = [];
  let rest = path.slice(context ? 2 : 1);
  while (rest !== "") {
    const found = step.exec(rest);
    if (!found) return undefined;
    const [whole, name, single, double, index] = found;
    const quoted = single ?? double;
    steps.push(
      index === undefined ? (name ?? quoted?.replace(/\\(.)/g, "$1") ?? "") : Number(index),
    );
    rest = rest.slice(whole.length);
  }
  return { context, steps };
};

const parseOnce = (path: string): { context: boolean; steps: readonly Step[] } => {
  const known = parsed.get(path) ?? parse(path);
  if (!known) throw runtimeError(`Invalid path '${path}'.`);
  parsed.set(path, known);
  return known;
};

/** Whether the path is one that the interpreter can follow: members and elements, no wildcards, filters or functions. */
export const isPath = (path: string): boolean => parse(path) !== undefined;

/** Whether the path leads into the data and not into the context object. */
export const isReferencePath = (path: string): boolean => parse(path)?.context === false;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const child = (value: unknown, at: Step): unknown => {
  if (typeof at === "number") return Array.isArray(value) ? value[at] : undefined;
  return isObject(value) && Object.hasOwn(value, at) ? value[at] : undefined;
};

/** What the path leads to, or undefined: JSON knows no such value. */
export const find = (path: string, data: unknown, context: unknown): unknown => {
  const { context: inContext, steps } = parseOnce(path);
  return steps.reduce(child, inContext ? context : data);
};

/**
 * What the path leads to.
 *
 * @param field the field of the definition that names the path, for the message
 * @throws StateError `States.Runtime` when it leads nowhere
 */
export const read = (path: string, data: unknown, context: unknown, field: string): unknown => {
  const value = find(path, data, context);
  if (value !== undefined) return value;
  throw runtimeError(
    `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${JSON.stringify(data)}'`,
  );
};

/**
 * The data with `value` put where the path leads, making the objects on the way; the data itself is kept as it is.
 *
 * @throws StateError `States.ResultPathMatchFailure` when something other than an object is in the way
 */
export const write = (path: string, data: unknown, value: unknown): unknown => {
  const put = (target: unknown, steps: readonly Step[]): unknown => {
    const [first, ...rest] = steps;
    if (first === undefined) return value;
    if (typeof first === "number" || !(isObject(target) || target === undefined)) {
      throw new StateError(
        "States.ResultPathMatchFailure",
        `Unable to apply step '${first}' of ResultPath '${path}' to the input`,
      );
    }
    return { ...target, [first]: put(child(target, first), rest) };
  };
  return put(data, parseOnce(path).steps);
};
