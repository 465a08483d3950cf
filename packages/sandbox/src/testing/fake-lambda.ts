import { AwsError } from "../aws/service.ts";
import type { InvocationResult, LambdaRuntime } from "../lambda/runtime.ts";

/** What a fake function does with a payload: answers, crashes by throwing, or never ends. */
export type Handler = (payload: unknown) => unknown;

/** A runtime of fake functions, and what they were called with, in order. */
export interface FakeLambda extends LambdaRuntime {
  calls: { functionArn: string; payload: unknown; type: "invoke" | "enqueue" }[];
}

const nameOf = (functionArn: string): string => functionArn.split(":")[6] ?? functionArn;

const crash = (error: unknown): InvocationResult => {
  if (error instanceof AwsError) throw error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return {
    functionError: "Unhandled",
    payload: { errorType: name, errorMessage: message, trace: [] },
  };
};

/** @param handlers by function name; a missing one answers `ResourceNotFoundException` */
export const createFakeLambda = (handlers: Readonly<Record<string, Handler>>): FakeLambda => {
  const calls: FakeLambda["calls"] = [];
  const handlerOf = (functionArn: string): Handler => {
    const handler = handlers[nameOf(functionArn)];
    if (handler) return handler;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${functionArn}`, 404);
  };
  return {
    calls,
    has: (functionArn) => handlers[nameOf(functionArn)] !== undefined,
    invoke: async (functionArn, payload) => {
      const handler = handlerOf(functionArn);
      calls.push({ functionArn, payload, type: "invoke" });
      try {
        return { payload: await handler(payload) };
      } catch (error) {
        return crash(error);
      }
    },
    enqueue: (functionArn, payload) => {
      handlerOf(functionArn);
      calls.push({ functionArn, payload, type: "enqueue" });
    },
  };
};

/** An error with a name of one's own, as a function may throw it. */
export const named = (name: string, message = "it failed"): Error =>
  Object.assign(new Error(message), { name });

/** A function that never answers. */
export const hang: Handler = () => new Promise(() => {});
