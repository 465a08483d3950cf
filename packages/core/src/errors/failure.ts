import { type WorkflowErrorName, workflowErrors } from "./workflow-errors.ts";

/** A failed operation, in two texts: people and operators may not read the same. */
export interface Failure {
  /** For people: `<code>: <sentence>`, without names of roles, accounts or services' own messages. */
  error: string;
  /** For operators: `<code>: <message>`, as it was thrown, cut to 1,000 characters. */
  detail: string;
}

/** Characters of a detail: it is stored with the request, in an item of at most 400 KB. */
const longestDetail = 1_000;

/** What people read of each error. An error without a sentence has a message that Curfew wrote for people. */
const sentences: Record<WorkflowErrorName, string | undefined> = {
  [workflowErrors.leaseBusy]: "The same access is being changed by another request.",
  [workflowErrors.stillProvisioning]: "The service has not confirmed the change yet.",
  [workflowErrors.serviceUnavailable]: "A service is busy or cannot be reached.",
  [workflowErrors.grantRefused]: undefined,
  [workflowErrors.escalationFailed]: "The service could not give the access.",
  [workflowErrors.deescalationFailed]: "The service could not take the access away.",
  [workflowErrors.assumeRoleFailed]: "Curfew cannot assume its role in the target's account.",
  [workflowErrors.fatalFunctionError]: "The function crashed or did not answer in time.",
  [workflowErrors.notApproved]: undefined,
  [workflowErrors.undecided]: undefined,
  [workflowErrors.notYet]: undefined,
};

/** What people read of an error that is not Curfew's own. */
const unforeseen = "An operation failed. Its message is kept for the operators.";

/** An error's name as a code. Another text than a name, such as a message, is none. */
const codeOf = (name: string): string => (/^[A-Za-z][\w.:-]{0,63}$/.test(name) ? name : "Error");

const isKnown = (name: string): name is WorkflowErrorName => Object.hasOwn(sentences, name);

/** The texts for an error of that name and message. */
export const failureOf = ({ name, message }: Pick<Error, "name" | "message">): Failure => {
  const sentence = isKnown(name) ? (sentences[name] ?? message) : unforeseen;
  return {
    error: `${codeOf(name)}: ${sentence}`.slice(0, longestDetail),
    detail: (message === "" ? name : `${name}: ${message}`).slice(0, longestDetail),
  };
};

/** The texts for what was thrown. */
export const failureOfThrown = (thrown: unknown): Failure =>
  failureOf(thrown instanceof Error ? thrown : { name: "Error", message: String(thrown) });

/** Whether the error only says that others are at work on the same access: it hides what else stands in the way. */
export const isContention = ({ error }: Pick<Failure, "error">): boolean =>
  [workflowErrors.leaseBusy, workflowErrors.stillProvisioning].some((name) =>
    error.startsWith(`${name}: `),
  );
