/**
 * The part of the Amazon States Language that the workflow uses, in its JSONPath dialect, so that other
 * interpreters can run it: https://states-language.net/spec.html. Durations are whole seconds.
 */

/** A JSON object whose keys ending in `.$` hold paths (`$` into the data, `$$` into the context object) or intrinsic functions. */
export type PayloadTemplate = { readonly [key: string]: string | PayloadTemplate };

/** What to do again when a task fails. The first retrier that names the error decides alone. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy?: "FULL" | "NONE";
}

/** A retrier that gives up at once, so that a later `States.ALL` does not see the error. */
export interface NoRetrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: 0;
}

/** Where to go on when a task has failed for good. */
export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string | null;
  readonly Next: string;
}

export interface TaskState {
  readonly Type: "Task";
  readonly Comment?: string;
  readonly Resource: string;
  readonly Parameters: (
    | { readonly FunctionName: string }
    /** An intrinsic function that composes the ARN. */
    | { readonly "FunctionName.$": string }
  ) & { readonly Payload: PayloadTemplate };
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly ResultSelector?: PayloadTemplate;
  readonly ResultPath: string | null;
  readonly Retry?: readonly (Retrier | NoRetrier)[];
  readonly Catch?: readonly Catcher[];
  readonly Next: string;
}

/** One comparison of a `Choice`. */
export type ChoiceRule = { readonly Variable: string; readonly Next: string } & (
  | { readonly StringEquals: string }
  | { readonly BooleanEquals: boolean }
);

export interface ChoiceState {
  readonly Type: "Choice";
  readonly Comment?: string;
  readonly Choices: readonly ChoiceRule[];
  readonly Default: string;
}

/** Waits for so many seconds, or until the moment that a path leads to. */
export type WaitState = {
  readonly Type: "Wait";
  readonly Comment?: string;
  readonly Next: string;
} & ({ readonly Seconds: number } | { readonly TimestampPath: string });

export interface SucceedState {
  readonly Type: "Succeed";
  readonly Comment?: string;
}

export type State = TaskState | ChoiceState | WaitState | SucceedState;

/** A whole state machine, ready for `JSON.stringify`. */
export interface StateMachineDefinition {
  readonly Comment: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
