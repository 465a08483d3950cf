import { expect, it } from "vitest";
import { holdersBy } from "./things.ts";

const given = (username: string) => ({ type: "escalate", username });
const taken = (username: string) => ({ type: "deescalate", username });

it("counts a function's last word to each person", () => {
  expect(holdersBy([given("a"), given("b"), taken("a"), taken("a")])).toEqual([{ email: "b" }]);
  expect(holdersBy([given("a"), taken("a"), given("a")])).toEqual([{ email: "a" }]);
  expect(holdersBy([given("a"), given("a"), taken("a")])).toEqual([]);
});
