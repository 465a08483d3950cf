import { isWorkflowError } from "../errors/workflow-errors.ts";
import { Crash, type FaultHook } from "./faults.ts";
import type { World } from "./world.ts";

/** Makes the hook of an invocation that is held at one of its calls while something else runs to its end. */
export type Hold = (meanwhile: () => Promise<unknown>) => FaultHook;

/**
 * Plays a scenario once for each call of the invocation to which it hands the hook: it is held there, before the call's effect, while something else
 * happens. The scenario throws if something is not as it should be.
 *
 * @returns how many calls it was held at
 */
export const heldAtEveryCall = async (
  scenario: (hold: Hold) => Promise<unknown>,
): Promise<number> => {
  for (let index = 0; ; index += 1) {
    let heldAt: string | undefined;
    const hold: Hold = (meanwhile) => async (call) => {
      if (call.index !== index) return undefined;
      heldAt = call.name;
      await meanwhile();
      return undefined;
    };
    try {
      await scenario(hold);
    } catch (cause) {
      throw new Error(`Failed when held at call ${index}, ${heldAt}: ${String(cause)}`, { cause });
    }
    if (heldAt === undefined) return index;
  }
};

/** The hook of an invocation that is held, once, at the first call of that name while something else runs to its end. */
export const heldAt = (name: string, meanwhile: () => Promise<unknown>): FaultHook => {
  let held = false;
  return async (call) => {
    if (held || call.name !== name) return undefined;
    held = true;
    await meanwhile();
    return undefined;
  };
};

/** Repeats work as the workflow does, 20 seconds apart, while it fails with errors of ours; answers the error that it gave up on. */
export const untilDone = async (
  world: World,
  work: () => Promise<unknown>,
): Promise<Error | undefined> => {
  for (let attempt = 1; ; attempt += 1) {
    const error = await outcome(work);
    if (error === undefined || attempt === 20 || !isPassing(error)) return error;
    world.clock.advance(20);
  }
};

/** What the work throws; undefined when it succeeds. */
export const outcome = async (work: () => Promise<unknown>): Promise<Error | undefined> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

const isPassing = (error: unknown): boolean =>
  error instanceof Crash ||
  (isWorkflowError(error) &&
    ["LeaseBusy", "StillProvisioning", "ServiceUnavailable"].includes(error.name));
