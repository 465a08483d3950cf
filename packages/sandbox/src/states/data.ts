import type { TaskState } from "./definition.ts";
import { read, write } from "./paths.ts";
import { fill } from "./template.ts";

interface InputOutput {
  InputPath?: string | null | undefined;
  OutputPath?: string | null | undefined;
}

const select = (
  path: string | null | undefined,
  data: unknown,
  context: unknown,
  field: string,
): unknown => {
  if (path === null) return {};
  return path === undefined || path === "$" ? data : read(path, data, context, field);
};

/** What `InputPath` lets through. */
export const effectiveInput = (state: InputOutput, input: unknown, context: unknown): unknown =>
  select(state.InputPath, input, context, "InputPath");

/** What `OutputPath` lets through. */
export const effectiveOutput = (state: InputOutput, output: unknown, context: unknown): unknown =>
  select(state.OutputPath, output, context, "OutputPath");

/** The state's input with its result where `ResultPath` says; null drops the result. */
export const withResult = (
  path: string | null | undefined,
  input: unknown,
  result: unknown,
): unknown => {
  if (path === null) return input;
  return path === undefined || path === "$" ? result : write(path, input, result);
};

/** A task's output: `ResultSelector`, then `ResultPath` into the raw input, then `OutputPath`. */
export const taskOutput = (
  task: TaskState,
  input: unknown,
  result: unknown,
  context: unknown,
): unknown => {
  const selected =
    task.ResultSelector === undefined ? result : fill(task.ResultSelector, result, context);
  return effectiveOutput(task, withResult(task.ResultPath, input, selected), context);
};
