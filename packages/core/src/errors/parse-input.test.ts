import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { parseInput } from "./parse-input.ts";

const Numbers = z.strictObject({ a: z.array(z.int()) });

describe("the problems of what somebody wrote", () => {
  it("say what was expected, each at its path", () => {
    expect(parseInput(Numbers, { a: [1, "x"], b: 1 }, ["body"])).toEqual({
      success: false,
      problems: [
        { path: "body.a.1", message: "Invalid input: expected number, received string" },
        { path: "body.b", message: "is not known" },
      ],
    });
  });

  it("have the path (root) where the whole is wrong", () => {
    expect(parseInput(z.string(), 1)).toMatchObject({ problems: [{ path: "(root)" }] });
  });
});
