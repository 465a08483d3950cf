import * as z from "zod";

/** Up to 64 characters: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
const name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[0-9a-zA-Z-_.]+$/);

const Target = z.object({
  Arn: z.string().min(1).max(1600),
  RoleArn: z
    .string()
    .min(1)
    .max(1600)
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/),
  Input: z.string().min(1).optional(),
  RetryPolicy: z
    .object({
      MaximumRetryAttempts: z.int().min(0).max(185).optional(),
      MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
    })
    .optional(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
});

/** What a schedule is made of: the input of CreateSchedule and of UpdateSchedule, which replaces all of it. */
export const Content = z.object({
  ScheduleExpression: z.string().min(1).max(256),
  ScheduleExpressionTimezone: z.string().min(1).max(50).default("UTC"),
  Description: z.string().max(512).optional(),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  Target,
  FlexibleTimeWindow: z.object({
    Mode: z.enum(["OFF", "FLEXIBLE"]),
    MaximumWindowInMinutes: z.int().min(1).max(1440).optional(),
  }),
  ActionAfterCompletion: z.enum(["NONE", "DELETE"]).default("NONE"),
});
export type Content = z.infer<typeof Content>;

const key = { Name: name, GroupName: name.default("default") };
const ClientToken = z.string().min(1).max(64).optional();

export const Put = Content.extend({ ...key, ClientToken });
export const ByName = z.object(key);
export const GroupByName = z.object({ Name: name });

/** In a query string everything is text. */
const page = {
  NamePrefix: name.optional(),
  NextToken: z.string().max(2048).optional(),
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
};
export const ListGroups = z.object(page);
export const List = z.object({
  ...page,
  ScheduleGroup: name.optional(),
  State: z.enum(["ENABLED", "DISABLED"]).optional(),
});
