import type { Call, Service } from "../aws/service.ts";
import type { Clock } from "../clock.ts";
import { exceptionOf } from "./exceptions.ts";
import type { Fault } from "./fault.ts";
import type { Faults } from "./faults.ts";

/** The caller is no more: there is nobody to answer. */
export class CallerKilled extends Error {
  override readonly name = "CallerKilled";
}

/** The call gets no answer: its connection stays open until the caller closes it. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

/**
 * Waits for something without holding the clock: the wait is quiet time, unless a caller in the
 * sandbox waits for the answer.
 */
export type Idle = (wait: () => Promise<void>) => Promise<void>;

/**
 * Runs a call with the faults that strike it: throws the exception that the caller is to see,
 * {@link CallerKilled} or {@link Unanswered}. The effect of a call that a latency holds up comes
 * even if the caller has closed the connection by then.
 *
 * @param run has the effect; it takes the call as the faults have left it
 */
export type Inject = (
  service: Pick<Service, "signingName" | "lagging">,
  call: Call,
  run: (call: Call) => Promise<unknown> | unknown,
  idle?: Idle,
) => Promise<unknown>;

/** @param deps.kill ends a worker; what it waits for never comes */
export const createInject = (deps: {
  faults: Pick<Faults, "take" | "lag">;
  clock: Pick<Clock, "sleep">;
  kill(workerId: string): Promise<void>;
}): Inject => {
  const { faults, clock, kill } = deps;

  return async ({ signingName: service, lagging = [] }, call, run, idle = (wait) => wait()) => {
    const { operation, caller } = call;
    const { worker } = caller;
    const functionName = worker?.functionName;
    const suffer = async (when: Fault["when"]): Promise<void> => {
      const fault = faults.take({ service, operation, when, functionName });
      if (fault === undefined) return;
      const { latency } = fault;
      if (latency !== undefined) await idle(() => clock.sleep(latency));
      if (fault.drop) throw new Unanswered(`No answer to ${service}:${operation}.`);
      if (fault.error !== undefined) throw exceptionOf(service, fault.error);
      if (!fault.kill || worker === undefined) return;
      await kill(worker.id);
      throw new CallerKilled(`${functionName} was killed ${when} ${service}:${operation}`);
    };

    await suffer("before");
    const lag = lagging.includes(operation)
      ? faults.lag({ service, operation, functionName })
      : undefined;
    const output = await run(lag === undefined ? call : { ...call, lag });
    await suffer("after");
    return output;
  };
};
