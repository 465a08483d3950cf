/** What a worker is started with. */
export interface WorkerData {
  /** The bundle. */
  file: string;
  /** The export of the bundle that is the handler. */
  exportName: string;
  functionName: string;
  functionArn: string;
  /** MB. */
  memory: number;
  logStream: string;
  /** One counter: how many invocations were handed to the worker. A frozen worker waits for it to change. */
  gate: Int32Array;
  /** One number: the milliseconds by which the sandbox's time is ahead of the machine's, where it ever is. */
  ahead?: Float64Array;
}

/** One invocation, as the pool hands it to a worker. */
export interface InvocationMessage {
  requestId: string;
  /** JSON. */
  payload: string;
  /** When the function's timeout ends, in milliseconds since the epoch. */
  deadline: number;
  /** Variables that change from one invocation to the next: the role's credentials. */
  environment: Readonly<Record<string, string>>;
}

/** An error as Lambda's runtime reports it to whoever invoked the function. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

/** What a worker says to the pool. */
export type WorkerMessage =
  | { kind: "ready" }
  | { kind: "answer" /** JSON. */; payload: string }
  /** `fatal`: the worker ends after it. */
  | { kind: "error"; error: FunctionError; fatal: boolean };
