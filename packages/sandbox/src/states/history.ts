/** One event of an execution's history, with the details as the service's API has them. */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  /** Milliseconds since the epoch. */
  timestamp: number;
  type: string;
  details?: { member: string; value: Record<string, unknown> };
}

/** An event that has no number yet. */
export type NewEvent = Pick<HistoryEvent, "type" | "details">;

/** Step Functions ends an execution whose history grows beyond this. */
export const longestHistory = 25_000;

const whole = { truncated: false };

const event = (type: string, member: string, value: Record<string, unknown>): NewEvent => ({
  type,
  details: { member, value },
});

const json = (value: unknown): string => JSON.stringify(value);

/** The events that the interpreter writes: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html */
export const events = {
  executionStarted: (input: string, roleArn: string): NewEvent =>
    event("ExecutionStarted", "executionStartedEventDetails", {
      input,
      inputDetails: whole,
      roleArn,
    }),
  executionSucceeded: (output: unknown): NewEvent =>
    event("ExecutionSucceeded", "executionSucceededEventDetails", {
      output: json(output),
      outputDetails: whole,
    }),
  executionFailed: (error?: string, cause?: string): NewEvent =>
    event("ExecutionFailed", "executionFailedEventDetails", { error, cause }),
  executionAborted: (error?: string, cause?: string): NewEvent =>
    event("ExecutionAborted", "executionAbortedEventDetails", { error, cause }),
  stateEntered: (kind: string, name: string, input: unknown): NewEvent =>
    event(`${kind}StateEntered`, "stateEnteredEventDetails", {
      name,
      input: json(input),
      inputDetails: whole,
    }),
  stateExited: (kind: string, name: string, output: unknown): NewEvent =>
    event(`${kind}StateExited`, "stateExitedEventDetails", {
      name,
      output: json(output),
      outputDetails: whole,
    }),
  taskScheduled: (
    resource: string,
    region: string,
    parameters: unknown,
    timeoutInSeconds?: number,
  ): NewEvent =>
    event("TaskScheduled", "taskScheduledEventDetails", {
      resourceType: "lambda",
      resource,
      region,
      parameters: json(parameters),
      timeoutInSeconds,
    }),
  taskStarted: (resource: string): NewEvent =>
    event("TaskStarted", "taskStartedEventDetails", { resourceType: "lambda", resource }),
  taskSubmitted: (resource: string, output: unknown): NewEvent =>
    event("TaskSubmitted", "taskSubmittedEventDetails", {
      resourceType: "lambda",
      resource,
      output: json(output),
      outputDetails: whole,
    }),
  taskSucceeded: (resource: string, output: unknown): NewEvent =>
    event("TaskSucceeded", "taskSucceededEventDetails", {
      resourceType: "lambda",
      resource,
      output: json(output),
      outputDetails: whole,
    }),
  taskFailed: (resource: string, error?: string, cause?: string): NewEvent =>
    event("TaskFailed", "taskFailedEventDetails", {
      resourceType: "lambda",
      resource,
      error,
      cause,
    }),
  taskTimedOut: (resource: string): NewEvent =>
    event("TaskTimedOut", "taskTimedOutEventDetails", {
      resourceType: "lambda",
      resource,
      error: "States.Timeout",
    }),
};
