import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import type { Invocation } from "@curfew/core";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import type * as z from "zod/mini";
import { clock, log, logger } from "./deps.ts";

/**
 * A handler for a state of the workflow, or for an event that concerns requests: parses what it is called with and hands it on. Errors keep their names, by which the
 * workflow decides what to do. Events are never logged: they carry task tokens.
 *
 * An attempt that runs out of time gets no answer, which middy would give by itself just before: Lambda only ends what has not answered. What has is frozen, and would go on
 * in the next invocation, when its lock has long ended.
 */
export const taskHandler = <T, R>(
  schema: z.ZodMiniType<T>,
  work: (event: T, invocation: Invocation) => Promise<R>,
) =>
  middy<unknown, R>({ timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger()))
    .use({
      onError: ({ error }) => {
        log.warn("The attempt failed.", { error });
      },
    })
    .handler((event: unknown, context: Context) => {
      const deadline = clock.now() + context.getRemainingTimeInMillis();
      return work(schema.parse(event), { deadline });
    });
