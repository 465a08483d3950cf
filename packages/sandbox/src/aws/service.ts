import type { Caller } from "./caller.ts";

/** An error as the AWS service would answer it: `code` is the exception's name on the wire. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;
  /** Further members of the exception, beside `message`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** One call of one operation, its wire protocol taken off. */
export interface Call {
  operation: string;
  /** The members as the service's model names them. */
  input: Record<string, unknown>;
  caller: Caller;
  region: string;
}

/** One AWS service of the endpoint: answers the output's members, or throws an {@link AwsError}. */
export interface Service {
  /** The name in the credential scope of a signature, such as `states` or `identitystore`. */
  signingName: string;
  operations: Readonly<Record<string, (call: Call) => Promise<unknown> | unknown>>;
}
