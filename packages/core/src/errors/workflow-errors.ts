/**
 * The error names by which the workflow decides what to do. A Lambda function's error name is its `name`, and bundles minify class names, so these are
 * literals. They are part of stored state machine definitions: never rename one.
 */
export const workflowErrors = {
  /** Somebody else is changing the same access, or a List may still lag: try again. */
  leaseBusy: "LeaseBusy",
  /** The service is still working on what was asked for: try again. */
  stillProvisioning: "StillProvisioning",
  /** Throttled, conflicting, failing or unreachable, perhaps after the call took effect: try again. */
  serviceUnavailable: "ServiceUnavailable",
  /** Nothing more may be granted for this request: deescalate. */
  grantRefused: "GrantRefused",
  /** The service refused or failed to grant: deescalate. */
  escalationFailed: "EscalationFailed",
  /** The service failed to take access away: try again, loudly. */
  deescalationFailed: "DeescalationFailed",
  /** The connector's role cannot be assumed. */
  assumeRoleFailed: "AWS:ASSUME_ROLE_FAILED",
  /** The customer's function crashed, or gave no answer in its time: deescalate. */
  fatalFunctionError: "AWSLambda:FATAL_FUNCTION_ERROR",
  /** The request was denied or cancelled, or has lapsed. */
  notApproved: "NotApproved",
  /** Nobody has decided yet. */
  undecided: "Undecided",
  /** The request is to start later. */
  notYet: "NotYet",
} as const;

/** One of the names of {@link workflowErrors}. */
export type WorkflowErrorName = (typeof workflowErrors)[keyof typeof workflowErrors];

/** An error whose name the workflow matches on. */
export class WorkflowError extends Error {
  override readonly name: WorkflowErrorName;

  constructor(name: WorkflowErrorName, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = name;
  }
}

/** Whether `error` is a {@link WorkflowError}, of that name if one is given. */
export const isWorkflowError = (error: unknown, name?: WorkflowErrorName): error is WorkflowError =>
  error instanceof WorkflowError && (name === undefined || error.name === name);
