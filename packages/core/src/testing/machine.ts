import { WorkflowError, type WorkflowErrorName } from "../errors/workflow-errors.ts";
import { executionName } from "../ids.ts";
import { armRevocation } from "../operations/arm-revocation.ts";
import { awaitEnd, awaitExpiry } from "../operations/await-signal.ts";
import { deescalate } from "../operations/deescalate.ts";
import { escalate } from "../operations/escalate.ts";
import type { WorkflowStart } from "../ports/index.ts";
import type { WaitingToken } from "../request/request.ts";
import { Crash } from "./faults.ts";
import type { Invoke } from "./simulation.ts";
import type { World } from "./world.ts";

type State = "arm" | "escalate" | "expiry" | "minute" | "deescalate";

/** The errors after which the workflow tries an escalation again; and a crash, which Lambda reports as a service error. */
const passing: readonly WorkflowErrorName[] = [
  "LeaseBusy",
  "StillProvisioning",
  "ServiceUnavailable",
];

let tokens = 0;

/** One execution of the state machine from arming on, with its retries, catches and timeouts. Rejects when `died` does. */
export const runMachine = async (
  world: World,
  invoke: Invoke,
  input: WorkflowStart,
  died: Promise<never>,
): Promise<void> => {
  const id = input.request;
  const execution = executionName(id, input.k);
  let dead = false;
  died.catch(() => {
    dead = true;
  });
  const sleep = (seconds: number): Promise<void> => world.clock.sleep(seconds * 1_000);

  const retrying = async <T>(
    attempts: number,
    longest: number,
    mayRetry: (error: unknown) => boolean,
    work: () => Promise<T>,
  ): Promise<T> => {
    for (let attempt = 1, pause = 1; ; attempt += 1, pause = Math.min(pause * 2, longest)) {
      // A dead execution invokes nothing any more.
      if (dead) await died;
      try {
        return await Promise.race([work(), died]);
      } catch (error) {
        await Promise.race([sleep(pause), died]);
        if (attempt === attempts || !mayRetry(error)) throw error;
      }
    }
  };

  /** A wait for a token: what it was completed with; undefined when it timed out or could not begin. */
  const waitFor = async (
    seconds: number,
    begin: (waiting: WaitingToken) => Promise<unknown>,
  ): Promise<{ seconds: number } | undefined> => {
    const token = `token-${++tokens}`;
    const signalled = world.workflow.awaitToken(token);
    const enteredAt = world.clock.at();
    const begun = begin({ state: "Wait", token, execution, enteredAt }).then(
      () => signalled,
      () => sleep(3),
    );
    return (await Promise.race([signalled, sleep(seconds), begun, died])) ?? undefined;
  };

  let state: State = input.enter === "escalation" ? "arm" : "deescalate";
  let seconds = 0;
  let failure: string | undefined;
  for (;;)
    switch (state) {
      case "arm":
      case "escalate":
        try {
          if (state === "arm") {
            await retrying(8, 20, isPassing, () => invoke((ports) => armRevocation(ports, id)));
            state = "escalate";
          } else {
            const escalated = await retrying(100, 20, isPassing, () =>
              invoke((ports, invocation) => escalate(ports, world.config, id, invocation)),
            );
            seconds = escalated.seconds;
            state = "expiry";
          }
        } catch (error) {
          // Whether it was the execution that died shows at its next step.
          failure = String(error);
          state = "deescalate";
        }
        break;
      case "expiry": {
        const signal = await waitFor(seconds, (waiting) =>
          invoke((ports) => awaitExpiry(ports, id, waiting)),
        );
        seconds = signal?.seconds ?? 0;
        state = signal === undefined ? "deescalate" : "minute";
        break;
      }
      case "minute": {
        const timeout = seconds;
        await waitFor(timeout, (waiting) =>
          invoke((ports) => awaitEnd(ports, id, waiting, timeout)),
        );
        state = "deescalate";
        break;
      }
      case "deescalate": {
        const cause = failure;
        const { due, seconds: left } = await retrying(
          400,
          300,
          () => true,
          () => invoke((ports, invocation) => deescalate(ports, id, invocation, cause, execution)),
        );
        if (due) return;
        seconds = left;
        state = "expiry";
        break;
      }
      default:
        state satisfies never;
    }
};

const isPassing = (error: unknown): boolean =>
  error instanceof Crash || (error instanceof WorkflowError && passing.includes(error.name));
