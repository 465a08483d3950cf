import * as z from "zod";
import { isExpression } from "./intrinsic.ts";
import { isPath, isReferencePath } from "./paths.ts";
import { pathsOf } from "./template.ts";

/*
 * The part of the Amazon States Language that the interpreter runs, in its JSONPath dialect. All else is refused
 * at load: a definition that would run differently in AWS must not run here at all.
 * https://states-language.net/spec.html
 */

const Path = z.string().refine(isPath, "is a path that the sandbox cannot follow");
const Expression = z
  .string()
  .refine(isExpression, "is no path or call that the sandbox can follow");
const ReferencePath = z.string().refine(isReferencePath, "must be a path into the data");
const Template = z.json().superRefine((template, issues) => {
  for (const { key, path } of pathsOf(template)) {
    if (typeof path === "string" && isExpression(path)) continue;
    issues.addIssue(`${key}: ${JSON.stringify(path)} is no path that the sandbox can follow`);
  }
});

const ErrorNames = z
  .array(z.string())
  .min(1)
  .refine((names) => names.length === 1 || !names.includes("States.ALL"), {
    error: "States.ALL must stand alone",
  });
const lastTakesAll = (list: readonly { ErrorEquals: readonly string[] }[]): boolean =>
  list.every(
    ({ ErrorEquals }, at) => !ErrorEquals.includes("States.ALL") || at === list.length - 1,
  );
const allLast = { error: "States.ALL must be the last" };

const Retrier = z.strictObject({
  ErrorEquals: ErrorNames,
  IntervalSeconds: z.int().min(1).optional(),
  MaxAttempts: z.int().min(0).max(99_999_999).optional(),
  BackoffRate: z.number().min(1).optional(),
  MaxDelaySeconds: z.int().min(1).max(31_622_400).optional(),
  JitterStrategy: z.enum(["NONE", "FULL"]).optional(),
});
export type Retrier = z.infer<typeof Retrier>;

const Catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: ErrorNames,
  ResultPath: ReferencePath.nullable().optional(),
  Next: z.string(),
});

const common = {
  Comment: z.string().optional(),
  QueryLanguage: z.literal("JSONPath").optional(),
  InputPath: Path.nullable().optional(),
  OutputPath: Path.nullable().optional(),
};
const onward = { Next: z.string().optional(), End: z.literal(true).optional() };

const Task = z
  .strictObject({
    ...common,
    ...onward,
    Type: z.literal("Task"),
    Resource: z.enum([
      "arn:aws:states:::lambda:invoke",
      "arn:aws:states:::lambda:invoke.waitForTaskToken",
    ]),
    Parameters: z.strictObject({
      FunctionName: z.string().optional(),
      "FunctionName.$": Expression.optional(),
      Payload: Template.optional(),
      "Payload.$": Path.optional(),
    }),
    TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
    TimeoutSecondsPath: ReferencePath.optional(),
    ResultSelector: Template.optional(),
    ResultPath: ReferencePath.nullable().optional(),
    Retry: z.array(Retrier).refine(lastTakesAll, allLast).optional(),
    Catch: z.array(Catcher).refine(lastTakesAll, allLast).optional(),
  })
  .refine((task) => task.TimeoutSeconds === undefined || task.TimeoutSecondsPath === undefined, {
    error: "has both TimeoutSeconds and TimeoutSecondsPath",
  });
export type TaskState = z.infer<typeof Task>;

/** One comparison. Exactly one operator, or a combination of rules. */
export interface ChoiceRule {
  Comment?: string | undefined;
  Variable?: string | undefined;
  StringEquals?: string | undefined;
  BooleanEquals?: boolean | undefined;
  NumericEquals?: number | undefined;
  NumericLessThan?: number | undefined;
  NumericLessThanEquals?: number | undefined;
  NumericGreaterThan?: number | undefined;
  NumericGreaterThanEquals?: number | undefined;
  IsPresent?: boolean | undefined;
  And?: ChoiceRule[] | undefined;
  Or?: ChoiceRule[] | undefined;
  Not?: ChoiceRule | undefined;
}
const rule = {
  Comment: z.string().optional(),
  Variable: Path.optional(),
  StringEquals: z.string().optional(),
  BooleanEquals: z.boolean().optional(),
  NumericEquals: z.number().optional(),
  NumericLessThan: z.number().optional(),
  NumericLessThanEquals: z.number().optional(),
  NumericGreaterThan: z.number().optional(),
  NumericGreaterThanEquals: z.number().optional(),
  IsPresent: z.boolean().optional(),
  get And() {
    return z.array(Rule).min(1).optional();
  },
  get Or() {
    return z.array(Rule).min(1).optional();
  },
  get Not() {
    return Rule.optional();
  },
};
const Rule: z.ZodType<ChoiceRule> = z.lazy(() => z.strictObject(rule));

const Choice = z.strictObject({
  ...common,
  Type: z.literal("Choice"),
  Choices: z.array(z.strictObject({ ...rule, Next: z.string() })).min(1),
  Default: z.string().optional(),
});
export type ChoiceState = z.infer<typeof Choice>;

const Wait = z
  .strictObject({
    ...common,
    ...onward,
    Type: z.literal("Wait"),
    Seconds: z.int().min(0).max(99_999_999).optional(),
    Timestamp: z.iso.datetime({ offset: true }).optional(),
    TimestampPath: ReferencePath.optional(),
  })
  .refine(
    ({ Seconds, Timestamp, TimestampPath }) =>
      [Seconds, Timestamp, TimestampPath].filter((given) => given !== undefined).length === 1,
    { error: "needs either Seconds, Timestamp or TimestampPath" },
  );
export type WaitState = z.infer<typeof Wait>;

const Pass = z.strictObject({
  ...common,
  ...onward,
  Type: z.literal("Pass"),
  Result: z.json().optional(),
  Parameters: Template.optional(),
  ResultPath: ReferencePath.nullable().optional(),
});
export type PassState = z.infer<typeof Pass>;

const Succeed = z.strictObject({ ...common, Type: z.literal("Succeed") });
const { Comment, QueryLanguage } = common;
const Fail = z.strictObject({
  Comment,
  QueryLanguage,
  Type: z.literal("Fail"),
  Error: z.string().optional(),
  Cause: z.string().optional(),
});

export const State = z.discriminatedUnion("Type", [Task, Choice, Wait, Pass, Succeed, Fail]);
export type State = z.infer<typeof State>;

export const Definition = z.strictObject({
  Comment: z.string().optional(),
  Version: z.literal("1.0").optional(),
  QueryLanguage,
  StartAt: z.string(),
  States: z.record(z.string().min(1).max(80), State),
});
export type Definition = z.infer<typeof Definition>;
