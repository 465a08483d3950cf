import { describe, expect, it } from "vitest";
import { readAnswer } from "./answer.ts";

const read = (text: string) => readAnswer(new TextEncoder().encode(text));
const answer = (value: unknown) => read(JSON.stringify(value));
const malformed = { output: { body: {}, errors: [] }, malformed: true };

describe("an answer in the agreed form", () => {
  it.each([
    ["an empty body", { body: {}, errors: [] }],
    ["a body of anything", { body: { user: "a", list: [1, { b: null }] }, errors: [] }],
  ])("with %s is the step's output, whole", (_, value) => {
    expect(answer(value)).toEqual({ output: value, errors: [] });
  });

  it("tells its errors in order", () => {
    const value = { body: { a: 1 }, errors: ["two", "one", "two"] };
    expect(answer(value)).toEqual({ output: value, errors: ["two", "one", "two"] });
  });

  it("is read up to 64 KiB", () => {
    const largest = { body: { a: "x".repeat(64 * 1024 - 29) }, errors: [] };
    expect(JSON.stringify(largest)).toHaveLength(64 * 1024);
    expect(answer(largest).malformed).toBeUndefined();
    expect(answer({ ...largest, body: { a: `${largest.body.a}x` } })).toEqual(malformed);
  });

  it("is measured as it is kept, not as it was written", () => {
    const numbers = `[${Array(13_000).fill("1e20").join(",")}]`;
    expect(numbers.length).toBeLessThan(64 * 1024 - 40);
    expect(read(`{"body":{"a":${numbers}},"errors":[]}`)).toEqual(malformed);
  });

  it("may be nested, but not without end", () => {
    const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    expect(read(`{"body":{"a":${nested(90)}},"errors":[]}`).malformed).toBeUndefined();
    expect(read(`{"body":{"a":${nested(100)}},"errors":[]}`)).toEqual(malformed);
    expect(read(`{"body":{"a":${nested(30_000)}},"errors":[]}`)).toEqual(malformed);
  });

  it("keeps 50 errors of 1,000 characters", () => {
    const { errors } = answer({ body: {}, errors: Array(60).fill("x".repeat(1_050)) });
    expect(errors).toEqual(Array(50).fill("x".repeat(1_000)));
  });
});

describe("the errors of an answer", () => {
  it("take up what there is room for in the item, whatever their letters", () => {
    const { errors = [] } = answer({ body: {}, errors: Array(21).fill("界".repeat(1_000)) });
    expect(errors).toEqual(Array(17).fill("界".repeat(1_000)));
  });
});

describe("an answer out of form", () => {
  it.each([
    ["null", "null"],
    ["a text", '"done"'],
    ["a number", "1"],
    ["a list", "[]"],
    ["nothing", ""],
    ["no JSON", "{"],
    ["another object", '{"ok":true}'],
    ["no errors", '{"body":{}}'],
    ["no body", '{"errors":[]}'],
    ["a third key", '{"body":{},"errors":[],"ok":true}'],
    ["a body that is null", '{"body":null,"errors":[]}'],
    ["a body that is a list", '{"body":[],"errors":[]}'],
    ["a body that is a text", '{"body":"{}","errors":[]}'],
    ["errors that are null", '{"body":{},"errors":null}'],
    ["one error that is no list", '{"body":{},"errors":"one"}'],
    ["an error that is no text", '{"body":{},"errors":[{"message":"one"}]}'],
  ])("(%s) counts as an empty one, and as worth a warning", (_, text) => {
    expect(read(text)).toEqual(malformed);
  });
});
