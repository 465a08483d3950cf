import { randomUUID } from "node:crypto";
import { AwsError } from "../aws/service.ts";
import type { Clock, Timer } from "../clock.ts";
import type { InvocationResult, LambdaRuntime } from "../lambda/runtime.ts";
import type { Store } from "../store.ts";
import {
  awaits,
  dueOf,
  type Execution,
  type Invocation,
  type Signal,
  type Surroundings,
} from "./execution.ts";
import type { HistoryEvent } from "./history.ts";
import { step } from "./step.ts";
import { createToken } from "./token.ts";

/** What the runner needs. */
export interface RunnerDeps {
  store: Store;
  clock: Clock;
  lambda: LambdaRuntime;
  /** Told of every change of an execution's status, within the transaction that keeps it. */
  changed: (execution: Execution) => void;
  /** From 0 to 1, for jitter. */
  random?: () => number;
}

/** Runs executions: keeps each step before it acts on it, and signals them when functions answer and time passes. */
export interface Runner {
  get(arn: string): Execution | undefined;
  list(): Execution[];
  history(arn: string): HistoryEvent[];
  /** Begins an execution in place of an earlier one of its ARN, if there was one. */
  start(execution: Execution): void;
  /** Hands over a signal. @returns whether the execution changed */
  signal(arn: string, signal: Signal): boolean;
  /** Whether the token still completes something. */
  awaits(arn: string, token: string): boolean;
  /** Takes up what was running when the process ended. Called once, before anything else. */
  resume(): void;
  /** Lets everything stand where it is, for {@link Runner.resume} of a later process. */
  stop(): void;
}

/** What `lambda:invoke` answers to a state: https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html */
const envelope = (payload: unknown): unknown => ({
  ExecutedVersion: "$LATEST",
  Payload: payload,
  SdkHttpMetadata: { HttpStatusCode: 200 },
  SdkResponseMetadata: { RequestId: randomUUID() },
  StatusCode: 200,
});

/** A crash is named by its error type; its cause is what Lambda returned, as JSON. */
const signalOf = (task: number, result: InvocationResult): Signal =>
  result.functionError === undefined
    ? { type: "answered", task, result: envelope(result.payload) }
    : {
        type: "failed",
        task,
        error: result.payload.errorType || "Lambda.Unknown",
        cause: JSON.stringify(result.payload),
      };

/** Errors of the call itself, which never reached the function: `Lambda.<exception>`. */
const refusalOf = (task: number, error: unknown): Signal => {
  if (!(error instanceof AwsError)) {
    return { type: "failed", task, error: "Lambda.Unknown", cause: String(error) };
  }
  // Step Functions gives a denial this name: seen in reports of failed executions.
  const code = error.code === "AccessDeniedException" ? "AWSLambdaException" : error.code;
  const cause = `${error.message} (Service: AWSLambda; Status Code: ${error.status}; Error Code: ${error.code}; Request ID: ${randomUUID()}; Proxy: null)`;
  return { type: "failed", task, error: `Lambda.${code}`, cause };
};

/** @param deps.changed is called with the execution as it is kept */
export const createRunner = (deps: RunnerDeps): Runner => {
  const { store, clock, lambda, changed, random = Math.random } = deps;
  const executions = store.collection<Execution>("states/executions");
  const historyOf = (arn: string) => store.collection<HistoryEvent>(`states/history/${arn}`);
  const timers = new Map<string, Timer>();
  let stopped = false;

  const surroundings = (): Surroundings => ({ now: clock.now(), random, token: createToken });

  const arm = (execution: Execution): void => {
    timers.get(execution.arn)?.cancel();
    timers.delete(execution.arn);
    const due = dueOf(execution);
    if (due === undefined) return;
    const wake = (): void => void signal(execution.arn, { type: "time" });
    timers.set(execution.arn, clock.at(due, wake));
  };

  /** Takes and keeps one step. @returns what is to be done once it is on disk */
  const take = (before: Execution, given: Signal): { changed: boolean; act: () => void } => {
    const { execution, history, invocation } = step(before, given, surroundings());
    if (history.length > 0) {
      store.transaction(() => {
        executions.put(execution.arn, execution);
        const events = historyOf(execution.arn);
        for (const event of history) events.put(String(event.id).padStart(6, "0"), event);
        if (given.type === "started" || execution.status !== before.status) changed(execution);
      });
    }
    const act = (): void => {
      arm(execution);
      if (invocation !== undefined) void call(execution.arn, invocation);
    };
    return { changed: history.length > 0, act };
  };

  const signal = (arn: string, given: Signal): boolean => {
    const before = stopped ? undefined : executions.get(arn);
    if (before === undefined) return false;
    const taken = take(before, given);
    taken.act();
    return taken.changed;
  };

  const call = async (arn: string, { task, functionArn, payload }: Invocation): Promise<void> => {
    const result = await lambda.invoke(functionArn, payload).then(
      (answer) => signalOf(task, answer),
      (error: unknown) => refusalOf(task, error),
    );
    signal(arn, result);
  };

  return {
    get: (arn) => executions.get(arn),
    list: () => executions.list().map(({ document }) => document),
    history: (arn) =>
      historyOf(arn)
        .list()
        .map(({ document }) => document),
    signal,
    awaits: (arn, token) => {
      const execution = executions.get(arn);
      return execution !== undefined && awaits(execution, token);
    },
    start: (execution) => {
      const taken = store.transaction(() => {
        const earlier = historyOf(execution.arn);
        for (const { id } of earlier.list()) earlier.delete(id);
        return take(execution, { type: "started" });
      });
      taken.act();
    },
    resume: () => {
      for (const { id, document } of executions.list()) {
        if (document.status === "RUNNING") signal(id, { type: "restarted" });
      }
    },
    stop: () => {
      stopped = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
};
