import { RequestId } from "@curfew/core";
import { describe, expect, it } from "vitest";
import { CreateQuery, cursorAt, ListQuery, queryOf } from "./query.ts";

const list = (queryStringParameters?: Record<string, string>) =>
  queryOf(queryStringParameters === undefined ? {} : { queryStringParameters }, ListQuery);
const id = RequestId.parse("req_01ARZ3NDEKTSV4RRFFQ69G5FAV");

describe("a query string", () => {
  it("may be left out", () => {
    expect(list()).toEqual({ limit: 50 });
    expect(queryOf({}, CreateQuery)).toEqual({ dryRun: "false" });
  });

  it("is taken as it is documented", () => {
    const query = { status: "active", requester: "a@b.c", flow: "f", limit: "100" };
    expect(list(query)).toEqual({ ...query, limit: 100 });
  });

  it("hands back the cursor that was answered", () => {
    expect(list({ cursor: cursorAt(id) }).cursor).toBe(id);
  });

  it.each([
    ["status", "open"],
    ["status", "active,ended"],
    ["requester", ""],
    ["flow", ""],
    ["cursor", ""],
    ["cursor", id],
    ["cursor", "%%%"],
    ["limit", "0"],
    ["limit", "101"],
    ["limit", "1.5"],
    ["limit", "ten"],
    ["limit", ""],
    ["order", "asc"],
    ["__proto__", "x"],
  ])("is refused for %s=%s, which is named", (name, value) => {
    const query = Object.fromEntries([[name, value]]);
    expect(() => list(query)).toThrow(
      expect.objectContaining({
        code: "parameter.invalid",
        problems: [expect.objectContaining({ path: name })],
      }),
    );
  });

  it("is refused with every problem at once", () => {
    expect(() => list({ limit: "x", status: "y" })).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({ path: "status" }),
          expect.objectContaining({ path: "limit" }),
        ],
      }),
    );
  });

  it.each(["yes", "1", "", "TRUE"])("does not take dryRun=%s for either", (dryRun) => {
    expect(() => queryOf({ queryStringParameters: { dryRun } }, CreateQuery)).toThrow(/dryRun/);
  });
});
