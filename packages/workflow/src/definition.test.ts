import validate from "asl-validator";
import { describe, expect, it } from "vitest";
import type { TaskState } from "./asl.ts";
import { strategyFunctions } from "./definition.ts";
import { stateNames as name } from "./states.ts";
import { aDefinition, functionArns } from "./testing/fixtures.ts";
import { certainPaths, edgesOf, pathsRead, reachable, stateOf } from "./testing/graph.ts";

const definition = aDefinition();
const states = Object.entries(definition.States);
const tasks = states.filter((entry): entry is [string, TaskState] => entry[1].Type === "Task");
const isTokenWait = (task: TaskState): boolean => task.Resource.endsWith(".waitForTaskToken");
const inputPaths = [
  "$.request",
  "$.k",
  "$.version",
  "$.enter",
  "$.seconds",
  "$.startAt",
  "$.strategy",
];
/** The ARN, or what comes before the strategy's name. */
const calledBy = ({ Parameters }: TaskState): string =>
  "FunctionName" in Parameters
    ? Parameters.FunctionName
    : (/^States\.Format\('(.+)-\{\}', \$\.strategy\)$/.exec(Parameters["FunctionName.$"])?.[1] ??
      "");

describe("the definition", () => {
  it("is valid Amazon States Language", () => {
    const result = validate(structuredClone({ ...definition, States: { ...definition.States } }));
    expect(result.errorsText()).toBe("");
    expect(result.isValid).toBe(true);
  });

  it("fits into 256 KiB of JSON", () => {
    expect(JSON.stringify(definition).length).toBeLessThan(256 * 1024);
  });

  it("reaches every state", () => {
    expect([...reachable(definition, definition.StartAt)].sort()).toEqual(
      Object.values(name).sort(),
    );
  });

  it("ends nowhere but in Done", () => {
    const ends = states.filter(([, state]) => edgesOf(state).length === 0).map(([end]) => end);
    expect(ends).toEqual([name.done]);
  });

  it("calls each function under its unqualified ARN", () => {
    const called = new Set(tasks.map(([, task]) => calledBy(task)));
    expect([...called].sort()).toEqual(Object.values(functionArns).sort());
  });

  it("calls the functions of the request's strategy where each has its own", () => {
    const own = tasks.filter(([, { Parameters }]) => "FunctionName.$" in Parameters);
    expect(own.map(([, task]) => calledBy(task))).toEqual(
      strategyFunctions.map((called) => functionArns[called]),
    );
  });
});

describe("from arming on", () => {
  it("passes Deescalate on every way to an end", () => {
    const before = reachable(definition, name.armRevocation, name.deescalate);
    expect(before).toContain(name.deescalate);
    expect(before).not.toContain(name.done);
  });

  it("reaches the end from Deescalate", () => {
    expect(reachable(definition, name.deescalate)).toContain(name.done);
  });

  it("catches every error but those of Deescalate", () => {
    const uncaught = tasks
      .filter(([task]) => reachable(definition, name.armRevocation).has(task))
      .filter(([, task]) => task.Catch?.at(-1)?.ErrorEquals[0] !== "States.ALL")
      .map(([task]) => task);
    expect(uncaught).toEqual([name.deescalate]);
  });
});

describe("paths", () => {
  const certain = certainPaths(definition, inputPaths);
  const isThere = (state: string, path: string): boolean =>
    [...(certain.get(state) ?? [])].some((known) => path === known || path.startsWith(`${known}.`));

  it("are read only where they are there for certain", () => {
    const absent = states.flatMap(([state, definition]) =>
      pathsRead(definition)
        .filter((path) => !isThere(state, path))
        .map((path) => `${state} reads ${path}`),
    );
    expect(absent).toEqual([]);
  });

  it("are found missing where a state would read too much", () => {
    expect(isThere(name.escalate, "$.request")).toBe(true);
    expect(isThere(name.escalate, "$.expiry.seconds")).toBe(false);
    expect(isThere(name.deescalate, "$.error")).toBe(false);
  });

  it("of the context are read only where Step Functions always fills them", () => {
    for (const [, task] of tasks) {
      const read = Object.values(task.Parameters.Payload).filter((path) =>
        String(path).startsWith("$$"),
      );
      const token = isTokenWait(task) ? ["$$.State.Name", "$$.Task.Token"] : [];
      expect(read).toEqual(["$$.Execution.Name", "$$.State.EnteredTime", ...token]);
    }
  });

  it("of a result that are selected are the ones a later state reads", () => {
    const selected = tasks.flatMap(([, task]) =>
      Object.keys(task.ResultSelector ?? {}).map((key) => `${task.ResultPath}.${key.slice(0, -2)}`),
    );
    const read = new Set(states.flatMap(([, state]) => pathsRead(state)));
    expect(selected.filter((path) => !read.has(path))).toEqual([]);
  });
});

describe("errors", () => {
  it("are never retried in a wait for a token", () => {
    const waits = tasks.filter(([, task]) => isTokenWait(task));
    expect(waits.map(([wait]) => wait)).toEqual([
      name.waitForApproval,
      name.waitForExpiry,
      name.waitOutTheMinute,
    ]);
    for (const [, task] of waits) expect(task).not.toHaveProperty("Retry");
  });

  it("are retried in every task that runs a function", () => {
    for (const [, task] of tasks.filter(([, task]) => !isTokenWait(task)))
      expect(task.Retry?.length).toBeGreaterThan(0);
  });

  it("name States.ALL last and alone", () => {
    for (const [, task] of tasks) {
      for (const list of [task.Retry ?? [], task.Catch ?? []]) {
        list.forEach((entry, index) => {
          if (!entry.ErrorEquals.includes("States.ALL")) return;
          expect(entry.ErrorEquals).toEqual(["States.ALL"]);
          expect(index).toBe(list.length - 1);
        });
      }
    }
  });

  it("of Deescalate are never caught", () => {
    expect(stateOf(definition, name.deescalate)).not.toHaveProperty("Catch");
  });
});

describe("timeouts", () => {
  it("bound every task", () => {
    for (const [, task] of tasks)
      expect(task.TimeoutSeconds ?? task.TimeoutSecondsPath).toBeDefined();
  });

  it("of running functions are longer than the functions' own", () => {
    const timeouts = {
      "arm-revocation": 30,
      escalate: 900,
      deescalate: 900,
    };
    for (const [, task] of tasks.filter(([, task]) => !isTokenWait(task))) {
      const own = Object.entries(timeouts).find(([called]) =>
        calledBy(task).endsWith(`-${called}`),
      );
      expect(task.TimeoutSeconds).toBeGreaterThan(own?.[1] ?? Number.POSITIVE_INFINITY);
    }
  });
});
