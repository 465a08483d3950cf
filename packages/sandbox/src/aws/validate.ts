import type * as z from "zod";
import { AwsError } from "./service.ts";

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const memberOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === "number" ? `${part + 1}.member` : lowerFirst(String(part))))
    .join(".");

const shown = (value: unknown): string =>
  value === undefined || value === null
    ? "null"
    : `'${typeof value === "object" ? JSON.stringify(value) : String(value)}'`;

const constraintOf = (issue: z.core.$ZodIssue): string => {
  if (issue.input === undefined || issue.input === null) return "Member must not be null";
  switch (issue.code) {
    case "too_small":
      return `Member must have ${issue.origin === "number" ? "value" : "length"} greater than or equal to ${issue.minimum}`;
    case "too_big":
      return `Member must have ${issue.origin === "number" ? "value" : "length"} less than or equal to ${issue.maximum}`;
    case "invalid_value":
      return `Member must satisfy enum value set: [${issue.values.map(String).join(", ")}]`;
    case "invalid_format":
      return issue.pattern === undefined
        ? issue.message
        : `Member must satisfy regular expression pattern: ${issue.pattern.replace(/^\/\^?|\$?\/[a-z]*$/g, "")}`;
    default:
      return issue.message;
  }
};

/**
 * Parses the input of a call, and refuses it as AWS's front ends do: "1 validation error detected:
 * Value 'x' at 'roleSessionName' failed to satisfy constraint: …".
 *
 * @param code the service's name for it: `ValidationException`, in the query protocol `ValidationError`
 * @throws AwsError with that code
 */
export const validate = <S extends z.ZodType>(
  schema: S,
  input: unknown,
  code = "ValidationException",
): z.infer<S> => {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const found = issues.map(
    (issue) =>
      `Value ${shown(issue.input)} at '${memberOf(issue.path)}' failed to satisfy constraint: ${constraintOf(issue)}`,
  );
  throw new AwsError(
    code,
    `${issues.length} validation error${issues.length === 1 ? "" : "s"} detected: ${found.join("; ")}`,
  );
};
