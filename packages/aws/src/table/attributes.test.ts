import { expect, it } from "vitest";
import { attributesOf, valuesIn } from "./attributes.ts";

it("gives back the texts and numbers that were written", () => {
  const values = { pk: "", revision: 0, ttl: 1_795_000_000, document: '{"a":"ü"}' };
  expect(valuesIn(attributesOf(values))).toEqual(values);
});

it("passes over what a later version may write", () => {
  expect(valuesIn({ pk: { S: "a" }, flag: { BOOL: true }, list: { L: [] } })).toEqual({ pk: "a" });
});
