import type * as z from "zod/mini";
import type { Access, Settings } from "../request/access.ts";
import type { Request } from "../request/request.ts";
import type { Timestamp } from "../time.ts";

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
  /** When each creation was sent whose answer never came: any of them may take effect. */
  unanswered: readonly Timestamp[];
  /**
   * Whether access that a List shows may be what was taken away a moment ago. Then it is created without looking: nothing of ours is there, unless an
   * earlier attempt created it, and to create it twice does no harm.
   */
  mayBeLag: boolean;
  /** Whether the access was looked for in this very attempt, and was not there: to look again would tell nothing new. */
  absent?: boolean;
  /** Stores an operation before anything else is done. */
  remember(operation: string): Promise<void>;
  /** Removes an operation that has ended. */
  forget(operation: string): Promise<void>;
  /**
   * Notes that the access which exists is the effect of the first unanswered creation, and the id of
   * what it created, where it has one.
   */
  explain(operation?: string): Promise<void>;
  /**
   * Makes one call that changes AWS: the only way to make one. Stores the lease first, and throws
   * when too little of the invocation, or of the time to grant, is left. Unless the call is
   * answered, the lease's lock is not given back but runs out: until then nobody else changes this
   * access, and the effect can follow without harm.
   */
  change<T>(change: Change<T>): Promise<T>;
}

/**
 * How a changing call failed. `refused`: without effect. `answered`: the service failed, with or
 * without the effect, and is done with the call. `unanswered`: the effect may still follow.
 */
export type ChangeFailure = "refused" | "answered" | "unanswered";

/** One call that changes AWS. */
export interface Change<T> {
  call: () => Promise<T>;
  failureOf(error: unknown): ChangeFailure;
  /** How long the call may take, in milliseconds, where it takes more than a moment. */
  duration?: number;
  /**
   * For a creation: the id in its result, which is added to `pending`; undefined where nothing was
   * created. The time of the call is in `unanswered` from before the call until its answer.
   */
  creates?(result: T): string | undefined;
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
  /** What operators are told beyond that, such as the message of a crash; people are not. */
  details?: readonly string[];
  /** The customer's function did not answer in the agreed form. */
  malformed?: boolean;
  /** The access is somebody else's doing: it counts as standing, and is not taken away. */
  standing?: boolean;
  /** How long a session that is opened with the access lasts at most, in seconds: it outlives the access. Absent where nothing is known. */
  sessionSeconds?: number;
}

/** When a late creation of ours can have been recorded. Milliseconds since the epoch. */
export interface CreationWindow {
  /** When the first unanswered creation was sent, less what the clocks may differ. */
  sent: number;
  /** When the release began, less what the clocks may differ. */
  released: number;
  until: number;
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
  /**
   * How many creations may have made the access that exists although it was taken away, whoever sent
   * them, by the service's own record. Without this method there is no record, and `inspect` cannot
   * tell either: the re-check then takes away once more what an unanswered creation may have given.
   */
  creationsWithin?(subject: Subject, window: CreationWindow): Promise<number>;
}
