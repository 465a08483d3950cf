import { accessDenied } from "./authorize.ts";
import type { Call, Service } from "./service.ts";

/** The same service, closed to every account but one. */
export const inAccount = (service: Service, accountId: string): Service => {
  const guarded = Object.entries(service.operations).map(([name, run]) => [
    name,
    (call: Call) => {
      if (call.caller.accountId === accountId) return run(call);
      throw accessDenied(service, call, "*");
    },
  ]);
  return { ...service, operations: Object.fromEntries(guarded) };
};
