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

/** Errors whose messages Curfew wrote for people, and errors that stop neither an escalation nor a deescalation. */
type WithoutSentence = "GrantRefused" | "NotApproved" | "Undecided" | "NotYet";

/** The sentence of each error for people. */
const sentences: Record<Exclude<WorkflowErrorName, WithoutSentence>, string> = {
  LeaseBusy: "The same access is being changed by another request.",
  StillProvisioning: "The service has not confirmed the change yet.",
  ServiceUnavailable: "A service is busy or cannot be reached.",
  EscalationFailed: "The service could not give the access.",
  DeescalationFailed: "The service could not take the access away.",
  "AWS:ASSUME_ROLE_FAILED": "Curfew cannot assume its role in the target's account.",
  "AWSLambda:FATAL_FUNCTION_ERROR": "The function crashed or did not answer in time.",
};

/** The sentence of any other error. */
const unforeseen = "An operation failed. Its message is kept for the operators.";

/** An error's name as a code. Another text than a name, such as a message, is none. */
const codeOf = (name: string): string => (/^[A-Za-z][\w.:-]{0,63}$/.test(name) ? name : "Error");

const sentenceOf = ({ name, message }: Pick<Error, "name" | "message">): string => {
  if (name === workflowErrors.grantRefused) return message;
  return new Map(Object.entries(sentences)).get(name) ?? unforeseen;
};

/** A control character would take six bytes of JSON. */
const printable = (text: string): string =>
  text
    .slice(0, longestDetail)
    .replaceAll(/\p{Cc}/gu, " ")
    .toWellFormed();

/** The texts for an error of that name and message. */
export const failureOf = (error: Pick<Error, "name" | "message">): Failure => {
  const { name, message } = error;
  return {
    error: printable(`${codeOf(name)}: ${sentenceOf(error)}`),
    detail: printable(message === "" ? name : `${name}: ${message}`),
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
