import type { Operator } from "./operator.ts";
import type { Thing } from "./things.ts";

/** What a cycle may do in the middle of a request. */
export interface Scene {
  operator: Operator;
  /** The request's id. */
  id: string;
  /** The e-mail address of the person who asked. */
  email: string;
  /** Somebody revokes the request. */
  revoke(): Promise<void>;
  /** The same person asks for the same once more; resolves when that request is over, too. */
  askAgain(duration: string): Promise<void>;
}

/** A kind of request that is played from its creation to its end. */
export interface Cycle {
  name: string;
  flow: string;
  target: string;
  duration: string;
  /** In turn, so that nobody gets what was taken from them a moment ago. */
  requesters: readonly string[];
  /** Without one, the flow asks for none. */
  approver?: string;
  /** The thing that it gives access to. */
  thing: Thing;
  /** Whether the requester has it already, and must keep it. */
  isStanding?: boolean;
  /**
   * Whether these calls of a function are struck. Those that are the same in every cycle are struck
   * in one. Without it, none are.
   */
  strikes?(functionName: string, operation: string): boolean;
  /** Whether the service hangs during each phase of the request that calls it. */
  hangs?(service: string): boolean;
  /** Whether it is played without a fault of a call, too. */
  isUndisturbed?: boolean;
  /** Whether the next request is to come before a call takes effect that is late. */
  isNextPressing?: boolean;
  /**
   * Milliseconds by which Lists and look-ups of Identity Center are behind, for Curfew's functions.
   */
  lag?: number;
  /** The rules that are disabled meanwhile. */
  without?: readonly string[];
  /** An act once the access is active. */
  whileActive?(scene: Scene): Promise<void>;
  /** An act as soon as the fault has struck; once the access is active where nothing strikes. */
  onceStruck?(scene: Scene): Promise<void>;
  /** An act once the request is over. */
  afterwards?(scene: Scene): Promise<void>;
  /**
   * Whether `whileActive` takes away the access, or what it is access to. It cannot be undone, so
   * the sandbox is thrown away afterwards.
   */
  spoils?: boolean;
  /** Whether the request cannot end, and has to say so. */
  staysOpen?: boolean;
}
