/** A worker of a function. */
export interface CallingWorker {
  functionName: string;
  /** Of the worker: `Pool.kill` takes it. */
  id: string;
}

/** Who made a call, worked out from the access key of its signature. */
export interface Caller {
  accountId: string;
  /** `arn:aws:iam::…:user/sandbox`, or `arn:aws:sts::…:assumed-role/<role>/<session>`. */
  arn: string;
  /** For a session of a role: the role's ARN with its path. */
  roleArn?: string;
  sessionName?: string;
  sourceIdentity?: string;
  /** The keys `sandbox` and `sandbox-<account id>` may do everything in their account. */
  administrator: boolean;
  /** The worker whose keys these are, or that assumed the role, directly or by another. */
  worker?: CallingWorker;
}
