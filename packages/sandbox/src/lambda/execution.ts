import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import type { InvocationMessage, WorkerData, WorkerMessage } from "./messages.ts";
import type { FunctionSpec } from "./spec.ts";

/** A line that a function wrote. */
export interface LogLine {
  functionName: string;
  /** The invocation that ran when the line was written, or the one before it; undefined while starting. */
  requestId: string | undefined;
  line: string;
}

/** How a call of a worker ended: with its message, or with the worker's exit (`killed`: from outside, or for its memory). */
export type Ended =
  | Exclude<WorkerMessage, { kind: "ready" }>
  | { kind: "exited"; status: number; killed: boolean };

/** One execution environment of a function: a worker thread that runs one invocation at a time. */
export interface Execution {
  /** Resolves once the bundle is loaded, or to what went wrong. Never rejects. */
  started: Promise<Ended | { kind: "ready" }>;
  /** Only once at a time, and only while {@link Execution.alive}. Never rejects. */
  run(invocation: InvocationMessage): Promise<Ended>;
  alive(): boolean;
  /** Ends the worker as a crash does: whoever waits for its answer hears of it. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Small, because at the limit V8 grants a worker only a little more to end in order: one collection
 * that moves more than that at once aborts the whole process (seen with the default).
 */
const maxYoungGenerationSizeMb = 16;

/** Starts a worker on the function's bundle. Its environment is only what it is given. */
export const startExecution = (
  spec: FunctionSpec,
  environment: Readonly<Record<string, string>>,
  onLine: (line: LogLine) => void,
  ahead?: Float64Array,
): Execution => {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const logStream = `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]`;
  const data: WorkerData = {
    file: spec.file,
    exportName: spec.exportName,
    functionName: spec.name,
    functionArn: spec.arn,
    memory: spec.memory,
    logStream,
    gate,
    ...(ahead === undefined ? {} : { ahead }),
  };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: data,
    env: { ...environment },
    execArgv: ["--enable-source-maps", "--no-warnings"],
    resourceLimits: { maxOldGenerationSizeMb: spec.memory, maxYoungGenerationSizeMb },
    stdin: false,
    stdout: true,
    stderr: true,
  });

  let requestId: string | undefined;
  for (const stream of [worker.stdout, worker.stderr])
    createInterface(stream).on("line", (line) =>
      onLine({ functionName: spec.name, requestId, line }),
    );

  let alive = true;
  let killed = false;
  let waiting: ((message: WorkerMessage | Ended) => void) | undefined;
  const settle = (message: WorkerMessage | Ended): void => {
    const waiter = waiting;
    waiting = undefined;
    waiter?.(message);
  };
  const next = (): Promise<WorkerMessage | Ended> =>
    new Promise((resolve) => {
      waiting = resolve;
    });

  worker.on("message", (message: WorkerMessage) => {
    if (message.kind === "error" && message.fatal) alive = false;
    settle(message);
  });
  worker.on("error", (error: NodeJS.ErrnoException) => {
    killed ||= error.code === "ERR_WORKER_OUT_OF_MEMORY";
  });
  worker.on("exit", (status) => {
    alive = false;
    settle({ kind: "exited", status, killed });
  });

  return {
    started: next(),
    run: async (invocation) => {
      requestId = invocation.requestId;
      const ended = next();
      Atomics.add(gate, 0, 1);
      Atomics.notify(gate, 0);
      worker.postMessage(invocation);
      const message = await ended;
      return message.kind === "ready" ? { kind: "exited", status: 1, killed } : message;
    },
    alive: () => alive,
    kill: async () => {
      alive = false;
      killed = true;
      await worker.terminate();
    },
    stop: async () => {
      alive = false;
      waiting = undefined;
      await worker.terminate();
    },
  };
};
