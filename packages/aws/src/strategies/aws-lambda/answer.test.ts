import { once } from "node:events";
import { createServer, type Server } from "node:http";
import {
  armRevocation,
  deescalate,
  escalate,
  type Ports,
  type RequestView,
  viewOf,
} from "@curfew/core";
import { aConfig, anAccess, aRequest, aWorld, requestId, type World } from "@curfew/core/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventType } from "./payload.ts";
import { createAwsLambda } from "./strategy.ts";

/*
 * Every form of answer, as a customer's function may give it: through the SDK and the strategy into a request, for both events.
 */

const kib = 1_024;
const json = (value: unknown): string => JSON.stringify(value);
const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const many = <T>(count: number, value: T): T[] => Array<T>(count).fill(value);
const failure = "could NOT be taken away";

/** An answer in the agreed form, and what is stored of it; of any other one the body is empty. */
type Row = [name: string, answer: string, stored: { body: unknown; errors?: string[] }];

const succeed: Row[] = [
  ["an empty body", '{"body":{},"errors":[]}', { body: {} }],
  ["a body", '{"body":{"role":"db_admin"},"errors":[]}', { body: { role: "db_admin" } }],
  ["the keys in another order", '{"errors":[],"body":{"a":1}}', { body: { a: 1 } }],
  ["white space", ' {\r\n\t"body": {"a": 1},\n "errors": []\n}\n', { body: { a: 1 } }],
  ["a byte order mark", '\uFEFF{"body":{},"errors":[]}', { body: {} }],
  [
    "a body of anything",
    json({ body: { a: null, b: [1, { c: true }], "": "ü" }, errors: [] }),
    { body: { a: null, b: [1, { c: true }], "": "ü" } },
  ],
  [
    "a body that holds errors of its own",
    '{"body":{"errors":["one"],"statusCode":500},"errors":[]}',
    { body: { errors: ["one"], statusCode: 500 } },
  ],
  ["a great number", '{"body":{"a":1e20},"errors":[]}', { body: { a: 1e20 } }],
  [
    "64 KiB",
    json({ body: { a: "x".repeat(64 * kib - 29) }, errors: [] }),
    { body: { a: "x".repeat(64 * kib - 29) } },
  ],
  [
    "a body of 90 levels",
    `{"body":{"a":${nested(90)}},"errors":[]}`,
    { body: { a: JSON.parse(nested(90)) } },
  ],
];

const fail: Row[] = [
  ["one error", json({ body: {}, errors: [failure] }), { body: {}, errors: [failure] }],
  ["errors in order", '{"body":{},"errors":["2","1"]}', { body: {}, errors: ["2", "1"] }],
  ["the same error twice", '{"body":{},"errors":["1","1"]}', { body: {}, errors: ["1", "1"] }],
  ["a body and an error", '{"body":{"a":1},"errors":["1"]}', { body: { a: 1 }, errors: ["1"] }],
  ["an empty text", '{"body":{},"errors":[""]}', { body: {}, errors: [""] }],
  ["an error of two lines", '{"body":{},"errors":["1\\n2"]}', { body: {}, errors: ["1\n2"] }],
  [
    "60 errors of 1,050 characters",
    json({ body: {}, errors: many(60, "x".repeat(1_050)) }),
    { body: {}, errors: many(50, "x".repeat(1_000)) },
  ],
  [
    "21 errors of three bytes a character",
    json({ body: {}, errors: many(21, "界".repeat(1_000)) }),
    { body: {}, errors: many(17, "界".repeat(1_000)) },
  ],
  [
    "an error that is cut within a character",
    json({ body: {}, errors: [`${"x".repeat(999)}😀`] }),
    { body: {}, errors: [`${"x".repeat(999)}\uFFFD`] },
  ],
];

const failAndWarn: [name: string, answer: string, errors?: string[]][] = [
  ["a third key", json({ body: {}, errors: [failure], statusCode: 500 })],
  ["a nil map of Go", json({ body: null, errors: [failure] })],
  ["no body", json({ errors: [failure] })],
  ["a list as body", json({ body: [], errors: [failure] })],
  ["a text as body", json({ body: "{}", errors: [failure] })],
  ["a status-code envelope", json({ statusCode: 500, headers: {}, body: "{}", errors: [failure] })],
  ["a text among numbers", json({ body: {}, errors: [1, null, failure, 2] })],
  ["a text among objects", json({ body: {}, errors: [{ message: "one" }, failure] })],
  ["a key that means something to JavaScript", `{"__proto__":{},"errors":["${failure}"]}`],
  ["70 KiB", json({ body: { a: "x".repeat(70 * kib) }, errors: [failure] })],
  ["5 MB", json({ body: { a: "x".repeat(5_000 * kib) }, errors: [failure] })],
  ["one after 5 MB of numbers", `{"errors":[${"1,".repeat(2_500_000)}"${failure}"]}`],
  ["a million of them", json({ body: {}, errors: many(1_000_000, "x") }), many(50, "x")],
  ["one of 5 MB", json({ body: {}, errors: ["x".repeat(5_000_000)] }), ["x".repeat(1_000)]],
  ["a body of 101 levels", `{"body":{"a":${nested(99)}},"errors":["${failure}"]}`],
  ["a body of a million levels", `{"body":{"a":${nested(1_000_000)}},"errors":["${failure}"]}`],
  [
    "numbers that are longer than 64 KiB when they are written out",
    `{"body":{"a":[${many(13_000, "1e20").join(",")}]},"errors":["${failure}"]}`,
  ],
];

const warn: [name: string, answer: string][] = [
  ["null", "null"],
  ["a text", '"done"'],
  ["a number", "1"],
  ["true", "true"],
  ["nothing", ""],
  ["no JSON", "{"],
  ["a page of HTML", "<html></html>"],
  ["an empty list", "[]"],
  ["a list with an answer", json([{ body: {}, errors: [failure] }])],
  ["JSON within a text", json(json({ body: {}, errors: [failure] }))],
  ["an empty object", "{}"],
  ["another object", '{"ok":true}'],
  ["no errors", '{"body":{}}'],
  ["an empty list of errors alone", '{"errors":[]}'],
  ["a third key", '{"body":{},"errors":[],"ok":true}'],
  ["a nil map of Go", '{"body":null,"errors":[]}'],
  ["a nil slice of Go", '{"body":{},"errors":null}'],
  [
    "a status-code envelope, whatever its body says",
    json({ statusCode: 500, body: json({ body: {}, errors: [failure] }) }),
  ],
  ["a text in the place of errors", json({ body: {}, errors: failure })],
  ["an object in the place of errors", json({ body: {}, errors: { 0: failure } })],
  ["errors that are objects", json({ body: {}, errors: [{ message: failure }] })],
  ["errors that are numbers", json({ body: {}, errors: [1, 2] })],
  ["a list of lists of errors", json({ body: {}, errors: [[failure]] })],
  ["70 KiB", json({ body: { a: "x".repeat(70 * kib) }, errors: [] })],
  ["one byte more than 64 KiB", json({ body: { a: "x".repeat(64 * kib - 28) }, errors: [] })],
  ["a body of 101 levels", `{"body":{"a":${nested(99)}},"errors":[]}`],
];

const rowOf = (name: string, answer: string, body: unknown, errors: string[], warned: boolean) => ({
  name,
  answer,
  output: { body, errors },
  errors,
  warned,
});

const rows = [
  ...[...succeed, ...fail].map(([name, answer, { body, errors = [] }]) =>
    rowOf(name, answer, body, errors, false),
  ),
  ...failAndWarn.map(([name, answer, errors = [failure]]) =>
    rowOf(`${name}, with errors`, answer, {}, errors, true),
  ),
  ...warn.map(([name, answer]) => rowOf(`${name}, out of form`, answer, {}, [], true)),
];

const id = requestId(1);
const target = {
  type: "aws_lambda_function",
  label: "Database",
  settings: { arn: "arn:aws:lambda:us-east-1:555555555555:function:db-admin" },
};
const well = '{"body":{"role":"db_admin"},"errors":[]}';

/** A notification on the errors topic. */
interface Told {
  topic: string;
  severity: string;
  event: string;
  bullets: readonly string[];
}
const told = (event: string, severity: string, bullets: readonly string[] = []): Told => ({
  topic: "errors",
  severity,
  event,
  bullets,
});

describe("an answer to", () => {
  /** Lambda, with a function that answers each event as it is told here. */
  let lambda: Server;
  let answers: Record<EventType, string>;
  let world: World;

  beforeAll(async () => {
    lambda = createServer(async (request, response) => {
      let payload = "";
      for await (const chunk of request.setEncoding("utf8")) payload += chunk;
      response.end(answers[JSON.parse(payload).event.type as EventType]);
    }).listen(0, "127.0.0.1");
    await once(lambda, "listening");
    const address = lambda.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${port}`);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    lambda.close();
  });

  beforeEach(async () => {
    answers = { escalate: well, deescalate: well };
    world = aWorld({
      config: aConfig({
        strategies: { sso: { type: "aws_lambda", integration: "identity-center" } },
        targets: { "prod-readonly": target, "staging-power": target },
      }),
    });
    const access = anAccess({
      strategy: "aws_lambda",
      target: { name: "prod-readonly", ...target },
    });
    await world.store({ requests: [aRequest({ access })] });
  });

  const session = async () => ({
    accessKeyId: "key",
    secretAccessKey: "secret",
    sessionToken: "token",
    expiration: new Date(),
  });
  const ports = (): Ports => {
    const { clock, log } = world.ports;
    const strategy = createAwsLambda({ sessions: () => session, clock, log });
    return { ...world.ports, strategy: () => strategy };
  };
  const invocation = () => ({ deadline: world.clock.now() + 15 * 60_000 });

  const give = async (): Promise<void> => {
    await armRevocation(ports(), id);
    await escalate(ports(), world.config, id, invocation());
  };
  const end = async (): Promise<void> => {
    await deescalate(ports(), id, invocation());
  };
  const shown = (): RequestView => viewOf(world.request(), world.clock.now());

  /** What was published about answers and failures, in order. */
  const published = (): Told[] =>
    world.publisher.published
      .map(({ topic, severity, message: { event, text } }) => ({
        topic,
        severity,
        event,
        bullets: text.split("\n• ").slice(1),
      }))
      .filter(({ topic }) => topic === "errors");

  it.each(rows)("escalate: $name", async ({ answer, output, errors, warned }) => {
    answers.escalate = answer;
    const distinct = [...new Set(errors)];
    const warnings = warned ? [told("answer.malformed", "warning")] : [];
    if (errors.length === 0) {
      await give();
      expect(shown()).toMatchObject({ status: "active", errors: [] });
      expect(published()).toEqual(warnings);
    } else {
      await expect(give()).rejects.toThrow("its end was asked for (failed)");
      await end();
      expect(shown()).toMatchObject({ status: "failed", errors: distinct, activatedAt: null });
      expect(published()).toEqual([
        ...warnings,
        told("answer.errors", "error", errors),
        told("request.failed", "error", distinct),
      ]);
    }
    expect(shown().outputs.escalate).toEqual(output);
  });

  it.each(rows)("deescalate: $name", async ({ answer, output, errors, warned }) => {
    answers.deescalate = answer;
    const distinct = [...new Set(errors)];
    const warnings = warned ? [told("answer.malformed", "warning")] : [];
    await give();
    world.clock.advance(3_600);
    await end();
    if (errors.length === 0) {
      expect(shown()).toMatchObject({ status: "ended", endReason: "expired", errors: [] });
      expect(published()).toEqual(warnings);
    } else {
      expect(shown()).toMatchObject({ status: "failed", errors: distinct });
      expect(published()).toEqual([...warnings, told("request.failed", "critical", distinct)]);
    }
    expect(shown().outputs).toEqual({ escalate: JSON.parse(well), deescalate: output });
  });
});
