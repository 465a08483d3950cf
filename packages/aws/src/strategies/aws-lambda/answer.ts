import { fittingErrors, isTooDeep, type StepAnswer } from "@curfew/core";
import * as z from "zod/mini";

/** Bytes of an answer that is stored whole: it becomes a part of the request's item. */
const largestAnswer = 64 * 1024;

/**
 * Bytes of an answer that is read at all.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const largestPayload = 6 * 1024 * 1024;

const mostErrors = 50;

/** Characters of one error. */
const longestError = 1_000;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** The agreed form of an answer. */
const Answer = z.strictObject({
  body: z.record(z.string(), z.json()),
  errors: z.array(z.string()),
});

/** The output of a step whose function gave no answer in the agreed form, or was not asked for one. */
export const emptyAnswer = { body: {}, errors: [] };

/**
 * Reads the answer of a customer's function. The errors count in every answer that has some, because
 * a function that reports a failure must not pass for one that succeeded; any other difference from
 * the agreed form is worth a warning only.
 *
 * @param payload of Lambda's response: JSON
 */
export const readAnswer = (payload: Uint8Array): StepAnswer => {
  const answered = payload.length > largestPayload ? undefined : jsonOf(payload);
  const errors = errorsIn(answered);
  const body = payload.length > largestAnswer ? undefined : bodyIn(answered);
  if (body !== undefined) return { output: { body, errors }, errors };
  return errors.length === 0
    ? { output: emptyAnswer, malformed: true }
    : { output: { ...emptyAnswer, errors }, errors, malformed: true };
};

/** The body of an answer in the agreed form. */
const bodyIn = (answered: unknown): z.infer<typeof Answer>["body"] | undefined => {
  if (isTooDeep(answered)) return undefined;
  const { success, data } = Answer.safeParse(answered);
  // Measured as it is stored, too: 1e20 is written out.
  return success && bytesOf(data) <= largestAnswer ? data.body : undefined;
};

/**
 * The errors of an answer of any form. Read by hand, so that neither a million errors nor a body of a
 * million levels costs more than the JSON parser.
 */
const errorsIn = (answered: unknown): string[] => {
  if (typeof answered !== "object" || answered === null || !("errors" in answered)) return [];
  const { errors } = answered;
  if (!Array.isArray(errors)) return [];
  const texts: string[] = [];
  for (const error of errors) {
    // Cutting may leave half a character.
    if (typeof error === "string") texts.push(error.slice(0, longestError).toWellFormed());
    if (texts.length === mostErrors) break;
  }
  return fittingErrors(texts);
};

const jsonOf = (payload: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
};
