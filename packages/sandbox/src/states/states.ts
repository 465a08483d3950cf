import * as z from "zod";
import { choose } from "./choice.ts";
import { effectiveInput, effectiveOutput, withResult } from "./data.ts";
import type { PassState, State, WaitState } from "./definition.ts";
import { contextOf, type Draft, fail, hasRoom, type Next, positionOf, record } from "./draft.ts";
import { requireSize, runtimeError } from "./failure.ts";
import { events } from "./history.ts";
import { read } from "./paths.ts";
import { failState, leave, scheduleTask, tooLong } from "./task.ts";
import { fill } from "./template.ts";

/** Nothing to wait for yet: a state that was just entered. */
const entering = { kind: "wait", due: 0 } as const;

const passOutput = (pass: PassState, raw: unknown, context: unknown): unknown => {
  const input = effectiveInput(pass, raw, context);
  const given = pass.Parameters === undefined ? input : fill(pass.Parameters, input, context);
  const result = pass.Result === undefined ? given : pass.Result;
  return effectiveOutput(pass, withResult(pass.ResultPath, raw, result), context);
};

/** Leaves a state of another kind than Task. Its output has to fit, too. */
const leaveWith = (draft: Draft, kind: string, output: unknown, next: string | undefined): Next => {
  requireSize(positionOf(draft).state, output);
  return leave(draft, kind, output, next);
};

const Moment = z.iso.datetime({ offset: true });

/** When a `Wait` that is entered now ends, in milliseconds since the epoch. */
const dueAfter = (wait: WaitState, input: unknown, context: unknown, now: number): number => {
  if (wait.Seconds !== undefined) return now + wait.Seconds * 1000;
  if (wait.TimestampPath === undefined) return Math.max(now, Date.parse(wait.Timestamp ?? ""));
  const moment = Moment.safeParse(read(wait.TimestampPath, input, context, "TimestampPath"));
  if (moment.success) return Math.max(now, Date.parse(moment.data));
  throw runtimeError(
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: '${wait.TimestampPath}'`,
  );
};

const run = (draft: Draft, state: State): Next => {
  if (state.Type === "Task") return scheduleTask(draft);
  if (state.Type === "Fail") return fail(draft, { error: state.Error, cause: state.Cause });
  const position = positionOf(draft);
  const context = contextOf(draft);
  const input = effectiveInput(state, position.input, context);
  switch (state.Type) {
    case "Choice": {
      const next = choose(state, input, context);
      return leaveWith(draft, "Choice", effectiveOutput(state, input, context), next);
    }
    case "Pass":
      return leaveWith(draft, "Pass", passOutput(state, position.input, context), state.Next);
    case "Succeed":
      return leaveWith(draft, "Succeed", effectiveOutput(state, input, context), undefined);
    case "Wait": {
      const due = dueAfter(state, input, context, draft.surroundings.now);
      position.activity = { kind: "wait", due };
      return undefined;
    }
    default:
      return state satisfies never;
  }
};

/** Leaves a `Wait` whose time has come. */
export const finishWait = (draft: Draft): Next => {
  const position = positionOf(draft);
  const state = draft.execution.definition.States[position.state];
  if (state?.Type !== "Wait") throw new Error(`${position.state} is no wait`);
  try {
    const context = contextOf(draft);
    const input = effectiveInput(state, position.input, context);
    return leaveWith(draft, "Wait", effectiveOutput(state, input, context), state.Next);
  } catch (error) {
    return failState(draft, error);
  }
};

const enter = (draft: Draft, name: string, input: unknown): Next => {
  const state = draft.execution.definition.States[name];
  if (!state) throw new Error(`no state is named ${name}`);
  if (!hasRoom(draft)) return fail(draft, tooLong);
  record(draft, events.stateEntered(state.Type, name, input));
  const { now } = draft.surroundings;
  draft.execution.position = {
    state: name,
    enteredAt: now,
    input,
    attempts: [],
    activity: entering,
  };
  try {
    return run(draft, state);
  } catch (error) {
    return failState(draft, error);
  }
};

/** Goes from state to state until the execution waits or has ended. */
export const proceed = (draft: Draft, next: Next): void => {
  for (let to = next; to !== undefined; ) to = enter(draft, to.state, to.input);
};
