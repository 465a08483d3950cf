import { isTooDeep, type StepAnswer } from "@curfew/core";
import * as z from "zod/mini";

/** Bytes of an answer: it is kept with the request, and an item of the table has 400 KB at most. */
const largestAnswer = 64 * 1024;

const mostErrors = 50;

/** Characters of one error. */
const longestError = 1_000;

/**
 * Bytes of all errors together, as JSON. They are kept up to four times (with the step, the request and two events) for each step, and all of it has to fit
 * into one item, or the end of the request could not be written.
 */
const largestErrors = 52_000;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** What a customer's function has to answer. */
const Answer = z.strictObject({
  body: z.record(z.string(), z.json()),
  errors: z.array(z.string()),
});

/** The output of a step whose function has said nothing that could be understood, or was not asked to. */
export const emptyAnswer = { body: {}, errors: [] };

/**
 * Reads what a customer's function answered. Whatever is not in the agreed form is no failure, but worth a warning.
 *
 * @param payload of Lambda's answer: JSON
 */
export const readAnswer = (payload: Uint8Array): StepAnswer => {
  const answered = payload.length > largestAnswer ? undefined : jsonOf(payload);
  const parsed = isTooDeep(answered) ? undefined : Answer.safeParse(answered);
  // Measured as it is kept, too: 1e20 is written out.
  if (parsed?.success !== true || bytesOf(parsed.data) > largestAnswer)
    return { output: emptyAnswer, malformed: true };
  const { body, errors: reported } = parsed.data;
  const errors = fitting(
    reported.slice(0, mostErrors).map((error) => error.slice(0, longestError)),
  );
  return { output: { body, errors }, errors };
};

/** The first errors, as many as there is room for. */
const fitting = (errors: readonly string[]): string[] => {
  let left = largestErrors;
  return errors.filter((error) => {
    left -= bytesOf(error);
    return left >= 0;
  });
};

const jsonOf = (payload: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
};
