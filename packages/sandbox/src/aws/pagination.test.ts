import { describe, expect, it } from "vitest";
import { paginate } from "./pagination.ts";

const page = (items: readonly string[], token?: string, list = "letters") =>
  paginate(items, (item) => item, { list, token, size: 2 });

describe("a list in pages", () => {
  it("comes in order of id, and ends without a token", () => {
    const first = page(["c", "a", "d", "b"]);
    expect(first.items).toEqual(["a", "b"]);
    expect(page(["c", "a", "d", "b"], first.nextToken)).toEqual({ items: ["c", "d"] });
  });

  it("neither skips nor repeats when it changes between two pages", () => {
    const { nextToken } = page(["a", "b", "c"]);
    expect(page(["0", "a", "c", "d"], nextToken).items).toEqual(["c", "d"]);
  });

  it.each(["", "no token", Buffer.from("{}").toString("base64url")])(
    "refuses the token %j",
    (token) => {
      expect(() => page(["a"], token)).toThrow("Invalid NextToken");
    },
  );

  it("refuses the token of another list", () => {
    const { nextToken } = page(["a", "b", "c"]);
    expect(() => page(["a"], nextToken, "numbers")).toThrow("Invalid NextToken");
  });
});
