import { expect, it } from "vitest";
import { failureOf } from "../errors/failure.ts";
import { aRequest, noon } from "../testing/index.ts";
import { addSeconds, milliseconds } from "../time.ts";
import { decide } from "./approval.ts";
import type { Change } from "./change.ts";
import { extend, reserveSchedule } from "./extension.ts";
import { failAttempt, mostStuckReports } from "./lateness.ts";
import {
  activate,
  arm,
  beginDeescalation,
  beginEscalation,
  failByAnswer,
  finish,
  requestEnd,
} from "./lifecycle.ts";
import type { Actor } from "./person.ts";

/** Bytes of an item of DynamoDB, less what its keys may take. */
const largestItem = 400 * 1_024 - 4 * 1_024;

const now = milliseconds(noon);
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** A text of which each character takes six bytes. */
const text = (length: number): string => "\u0001".repeat(length);

const actor: Actor = { type: "user", id: "0".repeat(47), name: `${"n".repeat(115)}@acme.example` };

/** An answer of 64 KiB with as many errors as are kept. */
const answer = (seed: string) => {
  const errors = Array.from({ length: 50 }, (_, n) => `${seed}${n}`.padEnd(1_000, "x"));
  const rest = 64 * 1_024 - sizeOf({ body: { a: "" }, errors });
  return { output: { body: { a: "x".repeat(rest) }, errors }, errors, malformed: true };
};

const wellAnswered = { output: { body: { a: "x".repeat(64 * 1_024 - 29) }, errors: [] } };

const beginning: Change[] = [
  decide({ decision: "approved", by: actor, at: noon, message: text(2_000) }),
  arm(now),
  beginEscalation(now),
];

const revoke = requestEnd({ reason: "revoked", by: actor, at: noon }, text(2_000));

const failure = failureOf(new Error(text(2_000)));

const end: Change[] = [
  beginDeescalation(now),
  failAttempt(now + 600_000, failure),
  ...Array.from({ length: mostStuckReports }, (_, day) =>
    failAttempt(now + 7_200_000 + day * 86_400_000, failure),
  ),
  finish(now, undefined, answer("deescalate")),
];

const extensions: Change[] = Array.from({ length: 100 }, (_, n) => [
  reserveSchedule(now),
  extend({ schedule: n + 2, end: addSeconds(noon, 4_000 + n), by: actor }, now),
]).flat();

it.each([
  ["whose function failed twice", [...beginning, revoke, failByAnswer(now, answer("e")), ...end]],
  [
    "that was extended 100 times",
    [...beginning, activate(now, wellAnswered), ...extensions, revoke, ...end],
  ],
])("the largest request, %s, fits into one item", (_, changes) => {
  const asked = aRequest({
    status: "pending_approval",
    reason: text(2_000),
    fields: { a: "x".repeat(32 * 1_024) },
  });
  const over = changes.reduce((request, change) => {
    const next = change(request);
    expect(next).toBeDefined();
    return next ?? request;
  }, asked);
  expect(over.status).toBe("failed");
  expect(over.errors.length).toBeGreaterThanOrEqual(50);
  expect(sizeOf(over)).toBeGreaterThan(300_000);
  expect(sizeOf(over)).toBeLessThan(largestItem);
});
