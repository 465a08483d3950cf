import type { Attempt, Change } from "@curfew/core";

/** What a test sets about an attempt. */
export interface AttemptOptions {
  pending?: readonly string[];
  unanswered?: readonly string[];
  mayBeLag?: boolean;
  absent?: boolean;
  /** Called before each changing call with its duration; throws to forbid the call. */
  mayChange?: (duration?: number) => void;
  /** Called with the answer to each creation; throws as an invocation that dies before it stores. */
  answered?: (operation: string) => void;
}

/** An attempt on a lease in memory, which several attempts of a test may share. */
export const anAttempt = ({
  mayBeLag = false,
  absent = false,
  mayChange = () => {},
  answered = () => {},
  ...given
}: AttemptOptions = {}): Attempt & { remembered: string[] } => {
  const remembered: string[] = [];
  const pending = new Set(given.pending);
  const unanswered = [...(given.unanswered ?? [])];
  const remember = (operation: string): void => {
    remembered.push(operation);
    pending.add(operation);
  };
  const create = async <T>(
    { call, failureOf }: Change<T>,
    creates: (result: T) => string | undefined,
  ): Promise<T> => {
    unanswered.push(new Date().toISOString());
    try {
      const result = await call();
      const operation = creates(result);
      if (operation !== undefined) answered(operation);
      unanswered.pop();
      if (operation !== undefined) remember(operation);
      return result;
    } catch (error) {
      if (failureOf(error) === "refused") unanswered.pop();
      throw error;
    }
  };
  return {
    remembered,
    absent,
    mayBeLag,
    get pending() {
      return [...pending];
    },
    get unanswered() {
      return [...unanswered];
    },
    remember: async (operation) => remember(operation),
    forget: async (operation) => void pending.delete(operation),
    explain: async (operation) => {
      unanswered.shift();
      if (operation !== undefined) remember(operation);
    },
    change: async (change) => {
      mayChange(change.duration);
      return change.creates === undefined ? change.call() : create(change, change.creates);
    },
  };
};
