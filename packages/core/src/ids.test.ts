import { describe, expect, it } from "vitest";
import { executionName, parseExecutionName, RequestId, scheduleName } from "./ids.ts";
import { requestId } from "./testing/index.ts";

const id = requestId(7);

describe("the id of a request", () => {
  it("is req_ and a ULID", () => {
    expect(RequestId.safeParse("req_01JCZ8Y5E9XH3W2V4B6N8M0K1Q").success).toBe(true);
  });

  it.each([
    ["another prefix", "run_01JCZ8Y5E9XH3W2V4B6N8M0K1Q"],
    ["a letter that ULIDs leave out", "req_01JCZ8Y5E9XH3W2V4B6N8M0K1I"],
    ["lower case", "req_01jcz8y5e9xh3w2v4b6n8m0k1q"],
    ["a character too few", "req_01JCZ8Y5E9XH3W2V4B6N8M0K1"],
    ["a line after it", "req_01JCZ8Y5E9XH3W2V4B6N8M0K1Q\n"],
  ])("is not %s", (_, text) => {
    expect(RequestId.safeParse(text).success).toBe(false);
  });
});

describe("the name of an execution", () => {
  it("says which execution of which request it is", () => {
    expect(executionName(id, 12)).toBe(`${id}.12`);
    expect(parseExecutionName(executionName(id, 12))).toEqual({ id, execution: 12 });
  });

  it.each(["nightly-import", id, `${id}.`, `${id}.x`, `${id}.-1`, `x${id}.1`, `${id}.1.2`, ""])(
    "%j is not one of ours",
    (name) => {
      expect(parseExecutionName(name)).toBeUndefined();
    },
  );
});

describe("the name of a schedule", () => {
  it("is one that EventBridge Scheduler accepts", () => {
    expect(scheduleName(id, 1)).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
    expect(scheduleName(id, 1)).toBe(`${id}.1`);
  });
});
