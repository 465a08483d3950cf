import { CurfewError } from "../errors/curfew-error.ts";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { Ports } from "../ports/index.ts";
import type { Intake } from "../request/intake.ts";
import type { Actor } from "../request/person.ts";
import { timestamp } from "../time.ts";

const id: Intake["id"] = "intake";

/** Throws CurfewError `intake.closed` while nothing new is taken. */
export const checkIntake = async ({ intake }: Pick<Ports, "intake">): Promise<void> => {
  const stored = await intake.get(id);
  if (stored?.document.closed === true)
    throw new CurfewError(
      "intake.closed",
      "Requests are neither taken nor extended until an operator opens the intake again.",
    );
};

/** Closes or opens the intake. Calls that are under way may have read what was there before. Answers since when it is so. */
export const setIntake = async (
  { intake, clock }: Pick<Ports, "intake" | "clock">,
  closed: boolean,
  by: Actor,
): Promise<Intake> => {
  const stored = await intake.get(id);
  if (stored?.document.closed === closed) return stored.document;
  const next: Intake = { version: 1, id, closed, by, at: timestamp(clock.now()) };
  const written = await intake.put(next, stored);
  if (written !== undefined) return written.document;
  throw new WorkflowError(
    workflowErrors.serviceUnavailable,
    "Somebody else opens or closes the intake at the same time.",
  );
};
