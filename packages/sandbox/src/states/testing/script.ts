import { type Handler, named } from "../../testing/fake-lambda.ts";
import { aWorld, type Bench, begin } from "./bench.ts";

/** What a scripted task does: answers (a wait: its token is completed with it), fails, or lets its time run out. */
export type Act = { answer: unknown } | { error: string } | { timeout: true };

/** By state, call by call; the last act stands for all that follow. */
export type Script = Readonly<Record<string, readonly Act[]>>;

/** What a run came to. */
export interface Trace {
  entered: { state: string; input: unknown }[];
  exited: { state: string; output: unknown }[];
  /** The payloads of tasks, retries included. */
  calls: { state: string; payload: unknown }[];
  outcome: string;
}

/** The next act of a state. @param made counts the calls by state */
export const actOf = (script: Script, state: string, made: Map<string, number>): Act => {
  const call = made.get(state) ?? 0;
  made.set(state, call + 1);
  const acts = script[state] ?? [];
  return acts[call] ?? acts.at(-1) ?? { error: "Unscripted" };
};

/** The error that an act other than an answer comes to. */
export const failureName = (act: Act): string => ("error" in act ? act.error : "States.Timeout");

/** What is different in every run, or spelled differently by the oracle, made the same. */
export const comparable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, member]) => {
    const hidden = ["Cause", "SdkHttpMetadata", "SdkResponseMetadata", "ExecutedVersion"];
    if (hidden.includes(key)) return [];
    if (key === "token") return [[key, "a token"]];
    if (key === "enteredAt") return [[key, "the time of entry"]];
    return [[key, comparable(member)]];
  });
  return Object.fromEntries(entries);
};

/** The name of the function that every task of a scripted definition has to call. */
export const scriptedFunction = "scripted-function";

/** One function for all tasks: it does what the script says of the state that the execution is in. */
const scripted = (script: Script, bench: Bench, trace: Trace): Handler => {
  const made = new Map<string, number>();
  const { runner, clock, arn } = bench;
  return (payload) => {
    const state = bench.execution().position?.state ?? "";
    const act = actOf(script, state, made);
    trace.calls.push({ state, payload });
    if ("error" in act) throw named(act.error);
    const activity = bench.execution().position?.activity;
    const token = activity?.kind === "task" ? activity.token : undefined;
    if ("timeout" in act) return token === undefined ? new Promise(() => {}) : null;
    if (token === undefined) return act.answer;
    const output = act.answer;
    clock.at(
      clock.now(),
      () => void runner.signal(arn, { type: "token succeeded", token, output }),
    );
    return null;
  };
};

const eventsOf = (bench: Bench, ending: string): Record<string, unknown>[] =>
  bench.runner
    .history(bench.arn)
    .filter(({ type }) => type.endsWith(ending))
    .map(({ details }) => details?.value ?? {});

/** Longer than any script takes, with all its retries. */
const ages = 1000 * 24 * 60 * 60 * 1000;

/** Runs a definition on the interpreter, with scripted tasks and on a clock that jumps. */
export const traceOf = async (
  definition: Record<string, unknown>,
  input: unknown,
  script: Script,
): Promise<Trace> => {
  const trace: Trace = { entered: [], exited: [], calls: [], outcome: "" };
  const functions: Record<string, Handler> = {};
  const bench = aWorld({ definition, input, functions });
  functions[scriptedFunction] = scripted(script, bench, trace);
  await begin(bench, { definition, input });
  await bench.clock.advance(ages);
  for (const { name, input: given } of eventsOf(bench, "StateEntered")) {
    trace.entered.push({ state: String(name), input: JSON.parse(String(given)) });
  }
  for (const { name, output } of eventsOf(bench, "StateExited")) {
    trace.exited.push({ state: String(name), output: JSON.parse(String(output)) });
  }
  const { status, error } = bench.execution();
  trace.outcome = status === "SUCCEEDED" ? "succeeded" : `failed: ${error}`;
  return trace;
};
