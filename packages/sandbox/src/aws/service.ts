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

/** What AWS has and the sandbox has not. The endpoint logs each time that somebody asks for it. */
export class NotOffered extends AwsError {
  /** @param what such as `sns:CreateTopic` */
  constructor(what: string, code = "UnknownOperationException", status = 400) {
    super(code, `The sandbox does not offer ${what}.`, status);
  }
}

/** One call of one operation, its wire protocol taken off. */
export interface Call {
  operation: string;
  /**
   * The members as the service's model names them. JSON protocols hand over JSON's types; in the
   * query protocol (STS, SNS) and in a route's path, query string and headers every leaf is a string.
   */
  input: Record<string, unknown>;
  caller: Caller;
  region: string;
  /**
   * Milliseconds by which the answer is behind the changes, on top of the usual. Only the
   * operations of {@link Service.lagging} heed it.
   */
  lag?: number;
}

/**
 * Where one operation of a rest-json service lives, and how the request's parts become
 * `Call.input`: labels of the path, query parameters, headers, and the members of the JSON body.
 */
export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Such as `/schedules/{Name}`: a label takes one segment, percent-decoded, into the member of its name. */
  path: string;
  /** Query parameter on the wire → member. */
  query?: Readonly<Record<string, string>>;
  /** Header in lower case → member. */
  headers?: Readonly<Record<string, string>>;
  /** The member that is the whole body as a `Uint8Array`, not parsed (Lambda's `Payload`). */
  payload?: string;
  /** What the output's members become, where the answer is more than status 200 and all of the output as JSON. */
  answer?: {
    /** The status of success. A string names the member that holds it. */
    status?: number | string;
    /** Header → member. A member that is undefined sends no header. */
    headers?: Readonly<Record<string, string>>;
    /** The member (`Uint8Array` or string) that is sent as the whole body. */
    payload?: string;
  };
}

/**
 * One AWS service of the endpoint. An operation answers the output's members or throws an
 * {@link AwsError}. A `Date` in an output is written as the protocol wants it (epoch seconds in JSON,
 * ISO 8601 in XML), a `Map` as an XML map, undefined members are left out.
 */
export interface Service {
  /** The name in the credential scope of a signature, such as `states` or `identitystore`. */
  signingName: string;
  operations: Readonly<Record<string, (call: Call) => Promise<unknown> | unknown>>;
  /**
   * Operations whose answers may be behind the changes: Lists and look-ups of an eventually
   * consistent service.
   */
  lagging?: readonly string[];
  /** For a service of the rest-json protocol (Scheduler, Lambda): the route of each operation. */
  routes?: Readonly<Record<string, Route>>;
  /** For a service of the query protocol (STS, SNS): the namespace of its XML. */
  xmlNamespace?: string;
  /** For a service that once spoke the query protocol (SQS): the exception's name → its code of old, which boto3 goes by. */
  legacyCodes?: Readonly<Record<string, string>>;
  /** The ARNs an operation needs access to; without an entry it is `*`. */
  resources?: Readonly<Record<string, (call: Call) => readonly string[]>>;
}
