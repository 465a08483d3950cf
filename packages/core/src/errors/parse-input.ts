import { en } from "zod/locales";
import type * as z from "zod/mini";
import type { InputProblem } from "./curfew-error.ts";

/** What is said of each kind of problem: zod/mini by itself calls all of them "Invalid input". */
const english = { error: en().localeError };

/** What somebody wrote, parsed; or every problem that the schema found, each with its path in dots. */
export const parseInput = <T>(
  schema: z.ZodMiniType<T>,
  input: unknown,
  path: readonly string[] = [],
): { success: true; data: T } | { success: false; problems: InputProblem[] } => {
  const parsed = schema.safeParse(input, english);
  return parsed.success
    ? parsed
    : { success: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, path)) };
};

const problemsOf = (
  issue: z.core.$ZodIssue,
  prefix: readonly string[],
): readonly InputProblem[] => {
  const path = [...prefix, ...issue.path.map(String)];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key].join("."), message: "is not known" }));
  if (issue.code !== "invalid_union")
    return [{ path: path.join(".") || "(root)", message: issue.message }];
  // Whoever wrote it meant one of the forms: the one that it misses by least.
  const [closest, next] = issue.errors.toSorted((a, b) => a.length - b.length);
  return closest !== undefined && next !== undefined && closest.length < next.length
    ? closest.flatMap((inner) => problemsOf(inner, path))
    : [{ path: path.join(".") || "(root)", message: "has none of the forms that it may have" }];
};
