/**
 * Errors that calling a Lambda function may end in although nothing is wrong with the function, by the
 * names that Step Functions gives them.
 *
 * A function whose process was killed is `Runtime.ExitError`. One that ran out of time is `Sandbox.Timedout` where Lambda reports an error type, and
 * `Lambda.Unknown` where it does not.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
export const lambdaServiceErrors = [
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.ClientExecutionTimeoutException",
  "Lambda.TooManyRequestsException",
  "Lambda.Unknown",
  "Runtime.ExitError",
  "Sandbox.Timedout",
  "States.Timeout",
] as const;

/**
 * Our own function cannot be called: it was renamed or the role lost a permission. Running executions keep
 * their old definition, so only a new execution can get better.
 */
export const functionOutOfReach = [
  "Lambda.ResourceNotFoundException",
  "Lambda.AccessDeniedException",
] as const;

/** In practice Step Functions reports a denied `lambda:InvokeFunction` under this name, which AWS also gives to passing failures. */
export const denialOrPassingFailure = "Lambda.AWSLambdaException";
