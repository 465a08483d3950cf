import { AwsError } from "../aws/service.ts";
import { type AsyncQueue, createQueue, type QueueDeps } from "./queue.ts";
import type { LambdaRuntime } from "./runtime.ts";
import { type FunctionSpec, unqualified } from "./spec.ts";

export interface LambdaDeps extends Omit<QueueDeps, "specOf" | "pool"> {
  functions: readonly FunctionSpec[];
  pool: QueueDeps["pool"];
}

/** All of Lambda that other services need, and what takes up an earlier process's events. */
export interface Lambda extends LambdaRuntime {
  functions: readonly FunctionSpec[];
  resume: AsyncQueue["resume"];
}

/** See {@link LambdaRuntime}. Qualifiers are accepted and ignored: every alias is the only version there is. */
export const createLambda = ({ functions, ...deps }: LambdaDeps): Lambda => {
  const byArn = new Map(functions.map((spec) => [spec.arn, spec]));
  const specOf = (functionArn: string): FunctionSpec | undefined =>
    byArn.get(unqualified(functionArn));
  const existing = (functionArn: string): FunctionSpec => {
    const spec = specOf(functionArn);
    if (spec !== undefined) return spec;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${functionArn}`, 404, {
      Type: "User",
    });
  };
  const queue = createQueue({ ...deps, specOf });

  return {
    functions,
    invoke: async (functionArn, payload) =>
      deps.pool.run(existing(functionArn), JSON.stringify(payload ?? null)),
    enqueue: (functionArn, payload) =>
      queue.enqueue(existing(functionArn).arn, JSON.stringify(payload ?? null)),
    has: (functionArn) => specOf(functionArn) !== undefined,
    resume: queue.resume,
  };
};
