import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { FunctionError, InvocationMessage, WorkerData, WorkerMessage } from "./messages.ts";
import { replaceDate } from "./worker-date.ts";

/*
 * The runtime inside one execution environment, after AWS's own for Node.js: loads the bundle, then
 * runs one invocation at a time, and is frozen in between.
 */

const port = parentPort;
if (port === null) throw new Error("worker.ts runs in a worker only");
// Written by the pool in this package: nothing from outside.
const settings = workerData as WorkerData;
if (settings.ahead !== undefined) replaceDate(settings.ahead);
const tell = (message: WorkerMessage): void => port.postMessage(message);

const describe = (error: unknown): FunctionError =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

// The exit statuses are those of AWS's runtime.
process.on("uncaughtException", (error) => {
  tell({ kind: "error", error: describe(error), fatal: true });
  process.exit(129);
});
process.on("unhandledRejection", (reason) => {
  const { errorMessage, trace } = describe(reason);
  const errorType = "Runtime.UnhandledPromiseRejection";
  tell({ kind: "error", error: { errorType, errorMessage, trace }, fatal: true });
  process.exit(128);
});

const contextOf = ({ requestId, deadline }: InvocationMessage) => ({
  functionName: settings.functionName,
  functionVersion: "$LATEST",
  invokedFunctionArn: settings.functionArn,
  memoryLimitInMB: String(settings.memory),
  awsRequestId: requestId,
  logGroupName: `/aws/lambda/${settings.functionName}`,
  logStreamName: settings.logStream,
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: (): number => Math.max(0, deadline - Date.now()),
});

const serialize = (answer: unknown): string => {
  try {
    return JSON.stringify(answer === undefined ? null : answer);
  } catch {
    throw new Error("Unable to stringify response body");
  }
};

const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => void stream.write("", () => resolve()));

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

let turn = 0;

/** Lambda stops the process after its answer: what the function left undone goes on with the next invocation. */
const freeze = (): void => void Atomics.wait(settings.gate, 0, turn);

const run = async (
  handler: (event: unknown, context: unknown) => unknown,
  invocation: InvocationMessage,
): Promise<void> => {
  turn += 1;
  Object.assign(process.env, invocation.environment);
  // Connections that the other side closed during the freeze are noticed before the function uses them.
  await nextTurn();
  await nextTurn();
  let message: WorkerMessage;
  try {
    const answer = await handler(JSON.parse(invocation.payload), contextOf(invocation));
    message = { kind: "answer", payload: serialize(answer) };
  } catch (error) {
    message = { kind: "error", error: describe(error), fatal: false };
    console.error("Invoke Error", JSON.stringify(message.error));
  }
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  tell(message);
  freeze();
};

const load = async (): Promise<(event: unknown, context: unknown) => unknown> => {
  const module: Record<string, unknown> = await import(pathToFileURL(settings.file).href);
  const handler = module[settings.exportName];
  if (typeof handler === "function") return (event, context) => handler(event, context);
  const error = new Error(`${settings.exportName} is undefined or not exported`);
  error.name = "Runtime.HandlerNotFound";
  throw error;
};

try {
  const handler = await load();
  port.on("message", (invocation: InvocationMessage) => void run(handler, invocation));
  tell({ kind: "ready" });
} catch (error) {
  tell({ kind: "error", error: describe(error), fatal: true });
  process.exit(1);
}
