import type { QueuedEvent } from "./queue.ts";
import type { InvocationResult } from "./runtime.ts";

/** Why an event was given up. The last is the sandbox's own: a function that a new deployment no longer has. */
export type GivenUp = "RetriesExhausted" | "EventAgeExceeded" | "FunctionNotFound";

/**
 * What Lambda sends to an on-failure destination:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 *
 * @param now milliseconds since the epoch
 */
export const failureRecord = (
  event: QueuedEvent,
  condition: GivenUp,
  now: number,
  result?: InvocationResult,
): Record<string, unknown> => ({
  version: "1.0",
  timestamp: new Date(now).toISOString(),
  requestContext: {
    requestId: event.requestId,
    functionArn: `${event.functionArn}:$LATEST`,
    condition,
    approximateInvokeCount: event.failures,
  },
  requestPayload: JSON.parse(event.payload),
  ...(result === undefined
    ? {}
    : {
        responseContext: {
          statusCode: 200,
          executedVersion: "$LATEST",
          functionError: result.functionError,
        },
        responsePayload: result.payload,
      }),
});
