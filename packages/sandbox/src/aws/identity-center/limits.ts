import type { Clock } from "../../clock.ts";
import { AwsError, type Service } from "../service.ts";

/** How fast Identity Center is, and what it puts up with. Times are milliseconds; the real service's vary, so no code may rely on these. */
export interface Limits {
  /** How long a change of an assignment takes. */
  provisioning: number;
  /** How long after a change Lists show it. */
  listLag: number;
  /** Calls in any one second, over all operations. */
  callsPerSecond: number;
  /** Creations of assignments in progress, over all accounts. */
  outstandingCreations: number;
}

/** Quick, for trying things out. */
export const relaxed: Limits = {
  provisioning: 1_000,
  listLag: 300,
  callsPerSecond: Number.POSITIVE_INFINITY,
  outstandingCreations: Number.POSITIVE_INFINITY,
};

/** The published quotas, and times on the slow side: https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html */
export const strict: Limits = {
  provisioning: 2_000,
  listLag: 2_000,
  callsPerSecond: 20,
  outstandingCreations: 10,
};

/** What the service answers beyond a quota. Not established for outstanding creations: a guess by its other quota. */
export const throttled = (message: string): AwsError =>
  new AwsError("ThrottlingException", message);

/** Refuses the calls of a service that exceed the limit in any one second. Refused ones do not count. */
export const limitRate = (
  service: Service,
  { callsPerSecond }: Pick<Limits, "callsPerSecond">,
  clock: Pick<Clock, "now">,
): Service => {
  if (callsPerSecond === Number.POSITIVE_INFINITY) return service;
  /** When the last calls were let through, oldest first. */
  let passed: number[] = [];
  const pass = (): void => {
    const now = clock.now();
    passed = passed.filter((at) => at > now - 1_000);
    if (passed.length >= callsPerSecond) throw throttled("Rate exceeded");
    passed.push(now);
  };
  const operations = Object.entries(service.operations).map(([name, run]): [string, typeof run] => [
    name,
    (call) => {
      pass();
      return run(call);
    },
  ]);
  return { ...service, operations: Object.fromEntries(operations) };
};
