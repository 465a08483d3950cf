import type { State, StateMachineDefinition } from "../asl.ts";

/** One way out of a state: by its result, by one of its choices, or by a catcher. */
export interface Edge {
  to: string;
  /** The path under which data is there for certain once this way was taken; none when the input is kept. */
  adds?: string;
}

/** Every way out of a state. */
export const edgesOf = (state: State): Edge[] => {
  switch (state.Type) {
    case "Task":
      return [
        { to: state.Next, ...(state.ResultPath === null ? {} : { adds: state.ResultPath }) },
        ...(state.Catch ?? []).map((catcher) => ({
          to: catcher.Next,
          ...(catcher.ResultPath === null ? {} : { adds: catcher.ResultPath }),
        })),
      ];
    case "Choice":
      return [...state.Choices.map((rule) => ({ to: rule.Next })), { to: state.Default }];
    case "Wait":
      return [{ to: state.Next }];
    case "Succeed":
      return [];
    default:
      return state satisfies never;
  }
};

/** A state by its name, which must be there. */
export const stateOf = (definition: StateMachineDefinition, name: string): State => {
  const state = definition.States[name];
  if (!state) throw new Error(`No state is named ${name}.`);
  return state;
};

/** Every state on some path from `start`, itself included, not going on past `barrier`. */
export const reachable = (
  definition: StateMachineDefinition,
  start: string,
  barrier?: string,
): Set<string> => {
  const seen = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (name !== barrier) open.push(...edgesOf(stateOf(definition, name)).map((edge) => edge.to));
  }
  return seen;
};

/** For each reachable state, the paths that are there whichever way led to it. `given` is there from the start. */
export const certainPaths = (
  definition: StateMachineDefinition,
  given: readonly string[],
): Map<string, Set<string>> => {
  const certain = new Map([[definition.StartAt, new Set(given)]]);
  const open = [definition.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const { to, adds } of edgesOf(stateOf(definition, name))) {
      const arriving = new Set([...(certain.get(name) ?? []), ...(adds ? [adds] : [])]);
      const known = certain.get(to);
      const common = known ? known.intersection(arriving) : arriving;
      if (known && known.size === common.size) continue;
      certain.set(to, common);
      open.push(to);
    }
  }
  return certain;
};

/** Every path into its input that a state reads before it runs, except `$` itself. */
export const pathsRead = (state: State): string[] => {
  if (state.Type === "Choice") return state.Choices.map((rule) => rule.Variable);
  if (state.Type === "Wait") return "TimestampPath" in state ? [state.TimestampPath] : [];
  if (state.Type !== "Task") return [];
  const paths = Object.values(state.Parameters.Payload).filter(
    (value) => typeof value === "string" && value.startsWith("$."),
  );
  const timeout = state.TimeoutSecondsPath;
  const named = "FunctionName.$" in state.Parameters ? state.Parameters["FunctionName.$"] : "";
  const inName = named.match(/\$\.[\w.]+/g) ?? [];
  return [...paths.map(String), ...(timeout ? [timeout] : []), ...inName];
};
