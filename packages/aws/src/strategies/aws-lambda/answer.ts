import type { StepAnswer } from "@curfew/core";
import * as z from "zod";

/** Bytes of an answer: it is kept with the request, and an item of the table has 400 KB at most. */
const largestAnswer = 64 * 1024;

const mostErrors = 50;

/** Characters of one error. */
const longestError = 1_000;

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
  const parsed = payload.length > largestAnswer ? undefined : Answer.safeParse(jsonOf(payload));
  if (parsed?.success !== true) return { output: emptyAnswer, malformed: true };
  const { body, errors: reported } = parsed.data;
  const errors = reported.slice(0, mostErrors).map((error) => error.slice(0, longestError));
  return { output: { body, errors }, errors };
};

const jsonOf = (payload: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
};
