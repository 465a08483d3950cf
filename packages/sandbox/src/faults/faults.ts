import type { Clock } from "../clock.ts";
import { enqueue, type Fault } from "./fault.ts";

/** A fault that was asked for, and what became of it. */
export interface ArmedFault extends Fault {
  id: number;
  /** How often it has struck. */
  hits: number;
  /** How often it will strike yet; null until it is cleared. */
  remaining: number | null;
  /**
   * When it strikes no more, in milliseconds since the epoch, if it has struck and lasts for a
   * time.
   */
  until?: number;
}

/** A moment at which a fault may strike. */
export interface Occasion {
  service: string;
  operation: string;
  /** Before or after the effect. */
  when: Fault["when"];
  /** The function that calls, or is handed an event. */
  functionName: string | undefined;
}

/** The faults of a sandbox. They are forgotten when it stops. */
export interface Faults {
  add(fault: Fault): ArmedFault;
  /** Those that have struck for the last time, too. */
  list(): readonly ArmedFault[];
  /** @returns how many there were */
  clear(): number;
  /** The oldest fault that strikes now; it counts as having struck. */
  take(occasion: Occasion): Fault | undefined;
  /**
   * By how many milliseconds the answer to a call is behind; undefined if no fault says so. It goes
   * with any other fault.
   */
  lag(occasion: Omit<Occasion, "when">): number | undefined;
  /** After how many milliseconds an asynchronous event reaches its function, once for each time that it does. */
  deliveries(functionName: string): readonly number[];
}

const strikes = (fault: ArmedFault, occasion: Occasion): boolean => {
  if (fault.remaining === 0 || fault.service !== occasion.service) return false;
  // `*` means the calls of the service's API only, as the operations of IAM policies do.
  const any = fault.operation === "*" && occasion.operation !== enqueue.operation;
  if (!any && fault.operation !== occasion.operation) return false;
  if (fault.when !== occasion.when) return false;
  if (occasion.functionName === undefined) return !fault.kill && fault.functions === undefined;
  return fault.functions?.includes(occasion.functionName) ?? true;
};

/** Whether the fault spares this call, which then counts as spared. */
const spares = (fault: ArmedFault): boolean => {
  if (fault.skip === undefined || fault.skip === 0) return false;
  fault.skip -= 1;
  return true;
};

/** See {@link Faults}. */
export const createFaults = ({ clock }: { clock: Pick<Clock, "now"> }): Faults => {
  let armed: ArmedFault[] = [];
  let last = 0;

  const takeOne = (occasion: Occasion, isLag: boolean): Fault | undefined => {
    const now = clock.now();
    const fault = armed.find(
      (fit) =>
        (fit.lag !== undefined) === isLag &&
        (fit.until === undefined || now < fit.until) &&
        strikes(fit, occasion) &&
        !spares(fit),
    );
    if (fault === undefined) return undefined;
    fault.hits += 1;
    if (fault.remaining !== null) fault.remaining -= 1;
    if (fault.lasting !== undefined) fault.until ??= now + fault.lasting;
    return fault;
  };
  const take = (occasion: Occasion): Fault | undefined => takeOne(occasion, false);

  return {
    add: (fault) => {
      last += 1;
      const added = { id: last, ...fault, hits: 0, remaining: fault.times };
      armed.push(added);
      return { ...added };
    },
    list: () => armed.map((fault) => ({ ...fault })),
    clear: () => {
      const { length } = armed;
      armed = [];
      return length;
    },
    take,
    lag: (occasion) => takeOne({ ...occasion, when: "before" }, true)?.lag,
    deliveries: (functionName) => {
      const occasion = { ...enqueue, functionName };
      const fault = take({ ...occasion, when: "before" }) ?? take({ ...occasion, when: "after" });
      const { duplicate, latency = 0 } = fault ?? {};
      return duplicate ? [0, latency] : [latency];
    },
  };
};
