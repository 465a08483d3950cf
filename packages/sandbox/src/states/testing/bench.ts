import { openStore, type Store } from "../../store.ts";
import { createFakeLambda, type FakeLambda, type Handler } from "../../testing/fake-lambda.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import type { Execution, ExecutionStatus } from "../execution.ts";
import { loadDefinition } from "../load.ts";
import { createRunner, type Runner } from "../runner.ts";

/** The ARN of a function that the bench knows by `name`. */
export const functionArn = (name: string): string =>
  `arn:aws:lambda:us-east-1:666666666666:function:${name}`;

/** A task that calls the function `name`, and ends unless told otherwise. */
export const aTask = (name: string, fields: Record<string, unknown> = {}): unknown => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: functionArn(name), "Payload.$": "$" },
  ...("Next" in fields ? {} : { End: true }),
  ...fields,
});

/** A wait for a token that is handed to the function `name`. */
export const aTokenWait = (name: string, fields: Record<string, unknown> = {}): unknown =>
  aTask(name, {
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    Parameters: { FunctionName: functionArn(name), Payload: { "token.$": "$$.Task.Token" } },
    ...fields,
  });

/** A definition of these states, beginning with the first. */
export const aDefinition = (States: Record<string, unknown>): Record<string, unknown> => ({
  StartAt: Object.keys(States)[0],
  States,
});

/** An execution under test, and the world around it. */
export interface Bench {
  store: Store;
  clock: ManualClock;
  lambda: FakeLambda;
  runner: Runner;
  statuses: ExecutionStatus[];
  arn: string;
  /** The execution as it is kept. */
  execution(): Execution;
  /** The types of its events, in order. */
  types(): string[];
  /** The details of its events of a type. */
  details(type: string): Record<string, unknown>[];
  output(): unknown;
}

interface Given {
  definition: Record<string, unknown>;
  functions?: Record<string, Handler>;
  input?: unknown;
  /** Of an earlier process, to go on with. */
  store?: Store;
  clock?: ManualClock;
}

const arn = "arn:aws:states:us-east-1:666666666666:execution:test:one";

/** A world without an execution yet. */
export const aWorld = (given: Given): Bench => {
  const { store = openStore(":memory:"), clock = createManualClock() } = given;
  const lambda = createFakeLambda(given.functions ?? {});
  const statuses: ExecutionStatus[] = [];
  const runner = createRunner({
    store,
    clock,
    lambda,
    random: () => 0.5,
    changed: ({ status }) => void statuses.push(status),
  });
  const execution = (): Execution => {
    const found = runner.get(arn);
    if (!found) throw new Error("there is no execution");
    return found;
  };
  return {
    store,
    clock,
    lambda,
    runner,
    statuses,
    arn,
    execution,
    types: () => runner.history(arn).map(({ type }) => type),
    details: (type) =>
      runner
        .history(arn)
        .filter((event) => event.type === type)
        .map((event) => event.details?.value ?? {}),
    output: () => JSON.parse(execution().output ?? "null"),
  };
};

/** Starts the execution of a world, and lets it go as far as it comes without time passing. */
export const begin = async (
  bench: Bench,
  { definition, input = {} }: Pick<Given, "definition" | "input">,
): Promise<void> => {
  bench.runner.start({
    arn,
    name: "one",
    machineArn: "arn:aws:states:us-east-1:666666666666:stateMachine:test",
    roleArn: "arn:aws:iam::666666666666:role/test",
    definition: loadDefinition("test", definition),
    input: JSON.stringify(input),
    status: "RUNNING",
    startedAt: bench.clock.now(),
    events: 0,
  });
  await bench.clock.advance(0);
};

/** A world with an execution that went as far as it comes without time passing. */
export const aRun = async (given: Given): Promise<Bench> => {
  const bench = aWorld(given);
  await begin(bench, given);
  return bench;
};

/** The token that a wait handed to its function in the given call. */
export const tokenOf = (bench: Bench, call = 0): string => {
  const payload = bench.lambda.calls[call]?.payload;
  if (typeof payload === "object" && payload !== null && "token" in payload) {
    return String(payload.token);
  }
  throw new Error("the function was given no token");
};
