import type { Call, Service } from "../aws/service.ts";
import type { Clock } from "../clock.ts";
import { exceptionOf } from "./exceptions.ts";
import type { Fault } from "./fault.ts";
import type { Faults } from "./faults.ts";

/** The caller is no more: there is nobody to answer. */
export class CallerKilled extends Error {
  override readonly name = "CallerKilled";
}

/** Runs a call with the faults that strike it: throws what the caller is to see, or {@link CallerKilled}. */
export type Inject = (
  service: Pick<Service, "signingName">,
  call: Call,
  run: () => Promise<unknown> | unknown,
) => Promise<unknown>;

/** @param deps.kill ends a worker; what it waits for never comes */
export const createInject = (deps: {
  faults: Pick<Faults, "take">;
  clock: Pick<Clock, "sleep">;
  kill(workerId: string): Promise<void>;
}): Inject => {
  const { faults, clock, kill } = deps;

  return async ({ signingName: service }, call, run) => {
    const { operation, caller } = call;
    const { worker } = caller;
    const functionName = worker?.functionName;
    const suffer = async (when: Fault["when"]): Promise<void> => {
      const fault = faults.take({ service, operation, when, functionName });
      if (fault === undefined) return;
      if (fault.latency !== undefined) await clock.sleep(fault.latency);
      if (fault.error !== undefined) throw exceptionOf(service, fault.error);
      if (!fault.kill || worker === undefined) return;
      await kill(worker.id);
      throw new CallerKilled(`${functionName} was killed ${when} ${service}:${operation}`);
    };

    await suffer("before");
    const output = await run();
    await suffer("after");
    return output;
  };
};
