import { Duration, type StrategyDefinition } from "@curfew/core";
import * as z from "zod/mini";

/** What one invocation of ours leaves for a customer's function, in seconds: 15 minutes are Lambda's most. */
const longestTimeout = 14 * 60;

/** Settings of a target `aws_lambda_function`. Stored ones may have been written by a later version: what is not known is passed over there. */
export const FunctionSettings = z.object({
  /** Of the function, one of its versions or one of its aliases; the region comes from it. */
  arn: z
    .string()
    .check(
      z.regex(
        /^arn:aws[a-z-]*:lambda:[a-z]{2}(-[a-z]+)+-\d:\d{12}:function:[a-zA-Z0-9-_]{1,64}(:(\$LATEST|[a-zA-Z0-9-_]{1,128}))?$/,
        "must be the ARN of a Lambda function, a version or an alias",
      ),
    ),
  /** How long the function has to answer, in seconds once parsed. */
  timeout: z.prefault(Duration, "60s").check(
    z.refine((seconds) => seconds <= longestTimeout, {
      error: "must be at most 14m",
    }),
  ),
  /** `Event` hands the event over and waits for no answer. */
  invoke_type: z._default(z.enum(["RequestResponse", "Event"]), "RequestResponse"),
});
export type FunctionSettings = z.infer<typeof FunctionSettings>;

/** A customer's own Lambda functions. */
export const awsLambdaDefinition: StrategyDefinition = {
  name: "aws_lambda",
  integrationSettings: z.strictObject({}),
  targetSettings: { aws_lambda_function: z.strictObject(FunctionSettings.shape) },
  // Only the function knows what it gives, so nothing is shared between requests, and nothing is ever standing.
  leaseKey: (_, requestId) => `lambda#${requestId}`,
};
