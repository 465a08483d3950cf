import { type Invocation, type Ports, WorkflowError, workflowErrors } from "@curfew/core";
import { Crash, type Fault, type PortCall, type World } from "@curfew/core/testing";
import { exception, timeout } from "./exceptions.ts";
import type { Plan, PlannedFault, SlowCall } from "./plan.ts";

/** Runs one Lambda invocation that Lambda ends after so many seconds. */
export type Invoke = <T>(
  seconds: number,
  work: (ports: Ports, invocation: Invocation) => Promise<T>,
) => Promise<T>;

const changes = new Set([
  "identity-center.CreateAccountAssignment",
  "identity-center.DeleteAccountAssignment",
  "identity-center.CreateGroupMembership",
  "identity-center.DeleteGroupMembership",
  "lambda.Invoke",
]);

const serviceOf = (name: string): string => name.slice(0, name.indexOf("."));

/** Calls of the SDK itself; the other ports stand behind adapters, which translate errors. */
const isOfSdk = (name: string): boolean =>
  ["identity-center", "lambda", "sts"].includes(serviceOf(name));

/** How long the client of a call waits for its answer, in milliseconds. */
const patienceOf = (name: string): number => {
  if (name === "lambda.Invoke") return 62_000;
  if (name === "identity-center.DescribePermissionSet") return 2_000;
  // The adapters of the other ports try three times.
  return isOfSdk(name) ? 10_000 : 30_000;
};

const unavailable = (cause: Error): Error =>
  new WorkflowError(workflowErrors.serviceUnavailable, cause.message, { cause });

/** What the caller sees that gave up on a call. */
const givenUp = (name: string): Error => {
  if (name === "lambda.Invoke") return Object.assign(new Error("Aborted."), { name: "AbortError" });
  return isOfSdk(name) ? timeout() : unavailable(timeout());
};

const faultOf = (name: string, planned: PlannedFault): Fault => {
  const answered = (error: Error): Error => (isOfSdk(name) ? error : unavailable(error));
  const failure = exception("InternalServerException", "An injected fault.", 500);
  switch (planned) {
    case "throttled":
      return { when: "before", error: answered(exception("ThrottlingException", "Rate exceeded")) };
    case "500 before":
      return { when: "before", error: answered(failure) };
    case "500 after":
      return { when: "after", error: answered(failure) };
    case "killed before":
      return { when: "before" };
    case "killed after":
      return { when: "after" };
    default:
      return planned satisfies never;
  }
};

/** The invocations of a plan: every call of a port or service passes the plan's network. */
export const createInvoke = (world: World, plan: Plan): Invoke => {
  const { clock } = world;
  const start = clock.now();
  let [calls, changed] = [0, 0];

  /** How long the network carries this call, in milliseconds. */
  const delayOf = (call: number, name: string): { delay: number; lost: boolean } => {
    const change = changes.has(name) ? changed++ : undefined;
    const slow: SlowCall | undefined =
      plan.slowChanges.find((planned) => planned.change === change) ??
      plan.slow.find((planned) => planned.call === call);
    const now = clock.now() - start;
    const hang = plan.hangs.find(
      ({ service, at, seconds }) =>
        service === serviceOf(name) && at * 1_000 <= now && now < (at + seconds) * 1_000,
    );
    if (hang !== undefined)
      return { delay: (hang.at + hang.seconds) * 1_000 - now, lost: hang.lost };
    return { delay: (slow?.seconds ?? 0) * 1_000, lost: slow?.lost ?? false };
  };

  return async (seconds, work) => {
    const deadline = clock.now() + seconds * 1_000;
    const hook = async ({ name }: PortCall): Promise<Fault | undefined> => {
      if (name === "clock.sleep") return undefined;
      const call = calls++;
      await clock.sleep(plan.latencies[call % plan.latencies.length] ?? 0);
      if (clock.now() >= deadline) return { when: "before" };
      const { delay, lost } = delayOf(call, name);
      const waited = Math.min(lost ? Infinity : delay, patienceOf(name), deadline - clock.now());
      const effect = clock.sleep(delay);
      await clock.sleep(waited);
      const isDead = clock.now() >= deadline;
      const error = isDead ? {} : { error: givenUp(name) };
      if (lost && delay > 0) return { when: "before", ...error };
      if (waited < delay || (isDead && delay > 0)) return { when: "in flight", effect, ...error };
      const planned = plan.faults.find((other) => other.call === call);
      return planned && faultOf(name, planned.fault);
    };
    const { ports, faults } = world.invocation(hook);
    const result = await work(ports, { deadline });
    // Lambda reports nothing of an invocation that it has ended.
    if (faults.crashed() || clock.now() >= deadline) throw new Crash("The invocation has died.");
    return result;
  };
};
