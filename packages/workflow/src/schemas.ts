import { RequestId } from "@curfew/core";
import * as z from "zod/mini";
import { stateNames } from "./states.ts";

/**
 * Seconds of a `TimeoutSecondsPath`: Step Functions refuses less than 1 and more than 99,999,999 at run
 * time with `States.Runtime`, which no state can catch.
 */
export const TimeoutSeconds = z.int().check(z.minimum(1), z.maximum(99_999_999));

/** Where an execution enters the workflow. */
export const Entry = z.enum(["approval", "escalation", "deescalation"]);
export type Entry = z.infer<typeof Entry>;

const input = {
  request: RequestId,
  /** The number of this execution of the request, from 0: its name is `<request id>.<k>`. */
  k: z.int().check(z.nonnegative()),
  /** The version of this input. */
  version: z.literal(1),
  enter: Entry,
  /** How long to wait for approval. Only "Wait for approval" reads it, but it is always there. */
  seconds: TimeoutSeconds,
  /** The strategy's name, which names its functions; `none` for a request that gives no access. It stands in an ARN. */
  strategy: z.string().check(z.regex(/^[a-z0-9_]{1,32}$/)),
};

/** The input of `StartExecution`. */
export const WorkflowInput = z.strictObject({
  ...input,
  /** When access is to be given; in the past for at once. Only "Wait for start" reads it, but it is always there. */
  startAt: z.iso.datetime(),
});
export type WorkflowInput = z.infer<typeof WorkflowInput>;

/**
 * What a task's function is called with. Unlike other boundaries it ignores keys it does not know: by then
 * the input also carries what earlier states left (`error`, `expiry`, `minute`), and a running execution keeps
 * the definition it started with while the newest code answers it. No such difference may stop a deescalation.
 */
export const TaskInput = z.object({
  input: z.object(input),
  /** The execution's name. */
  execution: z.string().check(z.minLength(1)),
  /** When the state was entered, ISO 8601; the same in every retry of it. */
  enteredAt: z.iso.datetime(),
});
export type TaskInput = z.infer<typeof TaskInput>;

/** What the function of a wait is called with. The token is a secret: never log it. */
export const TokenTaskInput = z.extend(TaskInput, {
  /** The state's name, such as "Wait for expiry". */
  state: z.string().check(z.minLength(1)),
  token: z.string().check(z.minLength(1), z.maxLength(2048)),
});
export type TokenTaskInput = z.infer<typeof TokenTaskInput>;

/**
 * What `deescalate` is called with: an earlier failure may be in the input, to be reported. Whatever its
 * form, it must not keep the access from being taken away: one that cannot be read counts as none.
 */
export const DeescalateInput = z.extend(TaskInput, {
  input: z.extend(TaskInput.shape.input, {
    error: z.catch(
      z.optional(z.object({ Error: z.string(), Cause: z.optional(z.string()) })),
      undefined,
    ),
  }),
});
export type DeescalateInput = z.infer<typeof DeescalateInput>;

/** What the function of "Wait out the minute" is called with: the state's timeout, as the signal before it had it. */
export const MinuteTaskInput = z.extend(TokenTaskInput, {
  input: z.extend(TokenTaskInput.shape.input, { minute: z.object({ seconds: TimeoutSeconds }) }),
});
export type MinuteTaskInput = z.infer<typeof MinuteTaskInput>;

/** What `await-expiry` is called with, by both waits for the end. */
export const ExpiryTaskInput = z.union([
  z.extend(MinuteTaskInput, { state: z.literal(stateNames.waitOutTheMinute) }),
  z.extend(TokenTaskInput, { state: z.literal(stateNames.waitForExpiry) }),
]);
export type ExpiryTaskInput = z.infer<typeof ExpiryTaskInput>;

/** What `escalate` answers: how long to wait for expiry, counted from now. Its timeout is the net beneath the schedule. */
export const EscalateResult = z.strictObject({ seconds: TimeoutSeconds });
export type EscalateResult = z.infer<typeof EscalateResult>;

/** What completes the token of "Wait for expiry": how long to wait out the minute. The output of the token's completion, as JSON. */
export const ExpirySignal = z.strictObject({ seconds: TimeoutSeconds });
export type ExpirySignal = z.infer<typeof ExpirySignal>;

/** What `deescalate` answers. `due`: the access is gone, seen so. Otherwise wait on for `seconds`, which is always there (1 when due). */
export const DeescalateResult = z.strictObject({ due: z.boolean(), seconds: TimeoutSeconds });
export type DeescalateResult = z.infer<typeof DeescalateResult>;
