import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import type { Invocation } from "@curfew/core";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import type * as z from "zod/mini";
import { clock, log, logger } from "./deps.ts";
import { leftToLambda } from "./left-to-lambda.ts";

/**
 * A handler for a state of the workflow, or for an event that concerns requests: parses what it is called with and hands it on. Errors keep their names, by which the
 * workflow decides what to do. Events are never logged: they carry task tokens.
 */
export const taskHandler = <T, R>(
  schema: z.ZodMiniType<T>,
  work: (event: T, invocation: Invocation) => Promise<R>,
) =>
  middy<unknown, R>(leftToLambda)
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
