import { RequestBody } from "@curfew/core";
import { describe, expect, it } from "vitest";
import { bodyOf } from "./body.ts";

const valid = { flow: "staging", target: "readonly", duration: "30m" };
const read = (body: string) => bodyOf({ body, isBase64Encoded: false }, RequestBody);

describe("a body", () => {
  it("is read", () => {
    expect(read(JSON.stringify(valid))).toMatchObject(valid);
  });

  it.each([101, 30_000])("that is nested %i levels deep is not taken", (levels) => {
    const nested = `${"[".repeat(levels)}${"]".repeat(levels)}`;
    const body = `{"flow":"staging","target":"readonly","duration":"30m","fields":{"a":${nested}}}`;
    expect(() => read(body)).toThrow(expect.objectContaining({ code: "body.malformed" }));
  });
});
