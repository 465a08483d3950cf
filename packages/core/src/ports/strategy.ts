import type * as z from "zod/mini";
import type { Access, Settings } from "../request/access.ts";
import type { Request } from "../request/request.ts";

/** The part of a strategy that needs no AWS: what its configuration looks like, and what it gives access to. */
export interface StrategyDefinition {
  /** As in the configuration, such as `aws_sso`. */
  name: string;
  /** Settings of an integration that the strategy can use, beside role, external id and region. */
  integrationSettings: z.ZodMiniType<Settings>;
  /** Settings of each type of target. */
  targetSettings: Readonly<Record<string, z.ZodMiniType<Settings>>>;
  /** Names the thing accessed and the person, not the configured target: two targets that lead to the same thing share it. */
  leaseKey(access: Access, requestId: string): string;
}

/** One invocation's attempt at changing access, under the lease's lock. */
export interface Attempt {
  /** Operations that create this access and may still be in flight. */
  pending: readonly string[];
  /**
   * Whether access that a List shows may be what was taken away a moment ago. Then it is created without looking: nothing of ours is there, unless an
   * earlier attempt created it, and to create it twice does no harm.
   */
  mayBeLag: boolean;
  /** Whether the access was looked for in this very attempt, and was not there: to look again would tell nothing new. */
  absent?: boolean;
  /** Writes down an operation before anything else is done: one that was just begun, perhaps in the place of what stood for it until its id was known. */
  remember(operation: string, inPlaceOf?: string): Promise<void>;
  /** Strikes out an operation that has come to an end. */
  forget(operation: string): Promise<void>;
  /**
   * To be called before each call that changes AWS: makes sure that the lease is stored as it is known, and throws when too little of the
   * invocation, or of the time to grant, is left.
   *
   * @param duration how long the call may take, in milliseconds, where it is not over in a moment
   */
  beforeChange(duration?: number): Promise<void>;
}

/** Whose access to what, and the request for whose sake it is given or taken away. */
export interface Subject {
  access: Access;
  request: Request;
}

/** What a strategy's step came to. */
export interface StepAnswer {
  /** The step's output, if the strategy has one. */
  output?: z.core.util.JSONType | undefined;
  /** What the customer's function reported: the request fails by it. */
  errors?: readonly string[];
  /** The customer's function did not answer in the agreed form. */
  malformed?: boolean;
  /** How long a session that is opened with the access lasts at most, in seconds: it outlives the access. Absent where nothing is known. */
  sessionSeconds?: number;
}

/** How one kind of target is given and taken away. Every method may be called again after any failure. */
export interface Strategy extends StrategyDefinition {
  /**
   * How long one attempt may take, in milliseconds, where that is less than what its invocation has: the sooner others may take over from an
   * invocation that died.
   */
  patience?(access: Access): number;
  /** Opens what the other methods need, while the caller has other calls to wait for. They open it themselves where this was not called. */
  prepare?(access: Access): Promise<void>;
  /** Whether the person has the access now, whoever gave it. */
  inspect(subject: Subject): Promise<boolean>;
  /** Makes sure that the person has the access; resolves only when the service says so. */
  escalate(subject: Subject, attempt: Attempt): Promise<StepAnswer>;
  /** Makes sure that the person does not have the access; resolves only when the service says so. */
  deescalate(subject: Subject, attempt: Attempt): Promise<StepAnswer>;
}
