/** What an invocation came to. A crash of the function is an answer, too. */
export type InvocationResult =
  | { payload: unknown; functionError?: undefined }
  | {
      payload: { errorType: string; errorMessage: string; trace?: string[] };
      functionError: "Unhandled";
    };

/** Runs Lambda functions, those of the deployment and the customers' ones of the seeds alike. */
export interface LambdaRuntime {
  /**
   * Runs the function now and waits for its answer (`RequestResponse`).
   *
   * @throws AwsError `ResourceNotFoundException`, or `TooManyRequestsException` when no worker is free.
   */
  invoke(functionArn: string, payload: unknown): Promise<InvocationResult>;
  /** Puts the event into the function's queue (`Event`): journalled when it returns, run with Lambda's two retries and on-failure destination. Throws `ResourceNotFoundException`. */
  enqueue(functionArn: string, payload: unknown): void;
  /** Whether the function exists. Accepts an ARN with or without qualifier. */
  has(functionArn: string): boolean;
}
