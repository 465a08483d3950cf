/** One call of the endpoint. Names and outcomes only: inputs and outputs may hold tokens and secrets. */
export interface LoggedCall {
  /** ISO 8601. */
  at: string;
  service: string;
  operation: string;
  /** ARN, or `-` where the key was refused. */
  caller: string;
  /** The function whose worker made the call, in its own role or in one that it assumed. */
  function?: string;
  requestId: string;
  /** `ok`, or the exception's name. */
  outcome: string;
}

export interface CallLog {
  record(call: LoggedCall): void;
  /** The calls still remembered, oldest first. */
  calls(): readonly LoggedCall[];
  /** Calls `listener` with every further call; answers a function that ends it. */
  subscribe(listener: (call: LoggedCall) => void): () => void;
}

/** Remembers the last calls in memory. @param limit how many */
export const createCallLog = (limit = 10_000): CallLog => {
  const listeners = new Set<(call: LoggedCall) => void>();
  let calls: LoggedCall[] = [];

  return {
    record: (call) => {
      calls.push(call);
      // Cut back by half at a time: shifting one by one costs the whole length for every call.
      if (calls.length >= limit * 2) calls = calls.slice(-limit);
      for (const listener of listeners) listener(call);
    },
    calls: () => calls.slice(-limit),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
