import type { State, StateMachineDefinition, WaitState } from "./asl.ts";

/** One arrow of the diagram. */
interface Arrow {
  to: string;
  label?: string;
}

const arrowsOf = (state: State): Arrow[] => {
  switch (state.Type) {
    case "Task":
      return [
        { to: state.Next },
        ...(state.Catch ?? []).map(({ ErrorEquals, Next }) => ({
          to: Next,
          label: ErrorEquals.map((error) => (error === "States.ALL" ? "any error" : error)).join(
            ", ",
          ),
        })),
      ];
    case "Choice":
      return [
        ...state.Choices.map((rule) => {
          const value = "StringEquals" in rule ? rule.StringEquals : rule.BooleanEquals;
          return { to: rule.Next, label: `${rule.Variable} = ${value}` };
        }),
        { to: state.Default, label: "otherwise" },
      ];
    case "Wait":
      return [{ to: state.Next, label: waitedFor(state) }];
    case "Succeed":
      return [{ to: "[*]" }];
    default:
      return state satisfies never;
  }
};

const waitedFor = (state: WaitState): string =>
  "Seconds" in state ? `after ${state.Seconds} s` : `at ${state.TimestampPath}`;

/** Mermaid takes no spaces or signs in a state's id. */
const idOf = (name: string): string =>
  name === "[*]" ? name : name.replace(/\W+/g, "_").replace(/_$/, "");

/**
 * Draws a definition as a Mermaid state diagram, for the documentation. Retries are not drawn: they do not leave
 * their state.
 *
 * @see https://mermaid.js.org/syntax/stateDiagram.html
 */
export const renderDiagram = ({ StartAt, States }: StateMachineDefinition): string => {
  const names = Object.keys(States).map((name) => `  state "${name}" as ${idOf(name)}`);
  const arrows = Object.entries(States).flatMap(([name, state]) =>
    arrowsOf(state).map(
      ({ to, label }) => `  ${idOf(name)} --> ${idOf(to)}${label ? `: ${label}` : ""}`,
    ),
  );
  return ["stateDiagram-v2", ...names, `  [*] --> ${idOf(StartAt)}`, ...arrows, ""].join("\n");
};
