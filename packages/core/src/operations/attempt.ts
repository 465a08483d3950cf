import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import { forget, mayBeLag, remember, send, settle } from "../lease/ledger.ts";
import type { Clock } from "../ports/index.ts";
import type { Attempt, Change } from "../ports/strategy.ts";
import { timestamp } from "../time.ts";
import { changeMargin, type Invocation, type LockedLease } from "./under-lock.ts";

/** What the caller adds: a rule of its own, which throws, and whether it has just found the access absent. */
interface Knowing {
  mayChange?: () => void;
  absent?: boolean;
}

/** What a strategy may do within one invocation that holds the lease's lock. */
export const attemptUnder = (
  clock: Clock,
  lease: LockedLease,
  invocation: Invocation,
  { mayChange = () => {}, absent = false }: Knowing = {},
): Attempt => {
  const mayBegin = (duration: number): void => {
    if (invocation.deadline - clock.now() <= changeMargin + duration)
      throw new WorkflowError(
        workflowErrors.stillProvisioning,
        "Too little of this invocation is left to change anything.",
      );
    mayChange();
  };

  /** A change other than a creation leaves no trace in the lease. */
  const change = async <T>({ call, failureOf, duration = 0 }: Change<T>): Promise<T> => {
    await lease.flush();
    mayBegin(duration);
    // An earlier call of this invocation may be in doubt already, and stays so.
    const wasInDoubt = lease.inDoubt;
    lease.inDoubt = true;
    try {
      const result = await call();
      lease.inDoubt = wasInDoubt;
      return result;
    } catch (error) {
      lease.inDoubt = wasInDoubt || failureOf(error) === "unanswered";
      throw error;
    }
  };

  /** The time of the call is stored before the call, and removed by its answer or refusal. */
  const create = async <T>(
    creation: Change<T>,
    creates: (result: T) => string | undefined,
  ): Promise<T> => {
    mayBegin(creation.duration ?? 0);
    const sentAt = timestamp(clock.now());
    lease.note((current) => send(current, sentAt));
    // Nothing was sent unless `change` reaches the call.
    let hadNoEffect = true;
    const failureOf = (error: unknown) => {
      const failure = creation.failureOf(error);
      hadNoEffect = failure === "refused";
      return failure;
    };
    const call = (): Promise<T> => {
      hadNoEffect = false;
      return creation.call();
    };
    try {
      const result = await change({ ...creation, call, failureOf });
      await lease.write((current) => settle(current, sentAt, creates(result)));
      return result;
    } catch (error) {
      if (hadNoEffect) lease.note((current) => settle(current, sentAt, undefined));
      throw error;
    }
  };

  return {
    absent,
    get pending() {
      return lease.current.pending;
    },
    get unanswered() {
      return lease.current.unanswered;
    },
    get mayBeLag() {
      return mayBeLag(lease.current, clock.now());
    },
    remember: (operation) => lease.write((current) => remember(current, operation)),
    explain: (operation) =>
      lease.write((current) => {
        const [first] = current.unanswered;
        return first === undefined ? current : settle(current, first, operation);
      }),
    forget: (operation) => lease.write((current) => forget(current, operation)),
    change: (given) => (given.creates === undefined ? change(given) : create(given, given.creates)),
  };
};
