import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";

/** One call of a port, as a fault hook sees it. */
export interface PortCall {
  /** Counted from 0 over all ports that share the hook. */
  index: number;
  /** Such as `leases.put`. */
  name: string;
}

/**
 * A fault of one call. The call fails before its effect, after it, or while the call is in flight:
 * then the effect follows once `effect` resolves. Without an error the whole invocation dies.
 */
export type Fault = { error?: Error } & (
  | { when: "before" | "after" }
  | { when: "in flight"; effect: Promise<unknown> }
);

/** Decides what goes wrong. It may take its time, which then is the latency of the call. */
export type FaultHook = (call: PortCall) => Fault | undefined | Promise<Fault | undefined>;

/** The end of an invocation: nothing that it does from here on has an effect. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/** One invocation's way to the ports. */
export interface Faults {
  /** The port, all of whose methods (they must be asynchronous) pass the hook under `name.method`. */
  around<T extends object>(name: string, port: T): T;
  /** How many calls there were. */
  calls(): number;
  /** Whether the invocation has died. */
  crashed(): boolean;
}

/** Puts a hook around the ports of one invocation. After a crash every further call fails: a dead process does not run its `finally` either. */
export const createFaults = (hook: FaultHook): Faults => {
  let index = 0;
  let crashed = false;

  const call = async (name: string, run: () => unknown): Promise<unknown> => {
    if (crashed) throw new Crash(`${name} was called by a dead invocation.`);
    const fault = await hook({ index: index++, name });
    if (crashed) throw new Crash(`${name} was called by a dead invocation.`);
    if (fault === undefined) return run();
    if (fault.when === "after") await run();
    // Nobody waits for the effect any more, so its own failure reaches nobody.
    if (fault.when === "in flight") void fault.effect.then(run).catch(() => undefined);
    if (fault.error !== undefined) throw fault.error;
    crashed = true;
    throw new Crash(`The invocation died ${fault.when} ${name}.`);
  };

  return {
    around: (name, port) =>
      new Proxy(port, {
        get: (target, property) => {
          const method: unknown = Reflect.get(target, property);
          if (typeof method !== "function") return method;
          return (...input: unknown[]) =>
            call(`${name}.${String(property)}`, () => Reflect.apply(method, target, input));
        },
      }),
    calls: () => index,
    crashed: () => crashed,
  };
};

/** No faults at all. */
export const noFaults: FaultHook = () => undefined;

/** One fault, at the call with that index. */
export const faultAt =
  (index: number, fault: Fault): FaultHook =>
  (call) =>
    call.index === index ? fault : undefined;

/** The same fault at every call of that name. */
export const faultOf =
  (name: string, fault: Fault): FaultHook =>
  (call) =>
    call.name === name ? fault : undefined;

const unavailable = new WorkflowError(workflowErrors.serviceUnavailable, "An injected fault.");

const everyKind: readonly Fault[] = [
  { when: "before" },
  { when: "after" },
  { when: "before", error: unavailable },
  { when: "after", error: unavailable },
];

/**
 * Plays a scenario without faults, and then once for each fault at each of the calls that it makes: the invocation dies or the call fails, before
 * its effect or after it. The scenario answers the faults of the invocation that it hands the hook to, and throws if something is not as it should be.
 *
 * @returns how many faults were tried
 */
export const withEveryFault = async (
  scenario: (hook: FaultHook) => Promise<Faults>,
): Promise<number> => {
  const names: string[] = [];
  const calls = await scenario(({ name }) => {
    names.push(name);
    return undefined;
  });
  for (let index = 0; index < calls.calls(); index += 1)
    for (const fault of everyKind) {
      const what = fault.error === undefined ? "a death" : "an error";
      try {
        await scenario(faultAt(index, fault));
      } catch (cause) {
        const where = `${what} ${fault.when} call ${index}, ${names[index]}`;
        throw new Error(`Failed with ${where}: ${String(cause)}`, { cause });
      }
    }
  return calls.calls() * everyKind.length;
};
