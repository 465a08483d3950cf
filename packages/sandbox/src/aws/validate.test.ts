import { describe, expect, it } from "vitest";
import * as z from "zod";
import { validate } from "./validate.ts";

const Input = z.object({
  Name: z
    .string()
    .min(2)
    .max(4)
    .regex(/^[a-z]+$/)
    .optional(),
  Type: z.enum(["USER", "GROUP"]).optional(),
  MaxResults: z.number().min(1).max(100).optional(),
  Tags: z.array(z.object({ Key: z.string() })).optional(),
});

describe("an input that AWS would refuse", () => {
  it.each([
    [
      { Name: "a" },
      "Value 'a' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    [
      { Name: "abcde" },
      "Value 'abcde' at 'name' failed to satisfy constraint: Member must have length less than or equal to 4",
    ],
    [
      { Name: "A1" },
      "Value 'A1' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
    ],
    [
      { Type: "ROLE" },
      "Value 'ROLE' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [USER, GROUP]",
    ],
    [
      { MaxResults: 101 },
      "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
    [
      { Tags: [{}] },
      "Value null at 'tags.1.member.key' failed to satisfy constraint: Member must not be null",
    ],
  ])("%j is refused in AWS's words", (input, message) => {
    expect(() => validate(Input, input)).toThrow(
      expect.objectContaining({
        code: "ValidationException",
        message: `1 validation error detected: ${message}`,
      }),
    );
  });

  it("is refused for all that is wrong with it, under the service's own name", () => {
    expect(() => validate(Input, { Name: "a", MaxResults: 0 }, "ValidationError")).toThrow(
      expect.objectContaining({
        code: "ValidationError",
        message: expect.stringMatching(/^2 validation errors detected: .*; .*$/),
      }),
    );
  });
});
