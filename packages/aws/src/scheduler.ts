import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { type Schedules, scheduleName } from "@curfew/core";
import { repeatable } from "./clients.ts";
import { calling, isConflict } from "./errors.ts";
import { within } from "./within.ts";

/** The schedule group and what its schedules call. */
export interface ScheduleTarget {
  group: string;
  /** The role as which EventBridge Scheduler calls the function. */
  roleArn: string;
  expireArn: string;
  deadLetterArn: string;
}

/** How long EventBridge Scheduler tries to hand an event over: its maximum, in seconds and attempts. */
const retryPolicy = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };

/** How long creating one may take with all attempts, in milliseconds: a person may wait for it. */
const patience = 8_000;

/**
 * One-time schedules, immutable, named `<request id>.<n>`. They delete themselves after they have fired.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export const createSchedules = (
  target: ScheduleTarget,
  client = new SchedulerClient(repeatable),
): Schedules => ({
  create: async ({ request, n, at }) => {
    const command = new CreateScheduleCommand({
      Name: scheduleName(request, n),
      GroupName: target.group,
      // Without milliseconds and zone: `at(2026-11-20T12:00:00)`, in UTC.
      ScheduleExpression: `at(${at.slice(0, 19)})`,
      ScheduleExpressionTimezone: "UTC",
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "DELETE",
      Target: {
        Arn: target.expireArn,
        RoleArn: target.roleArn,
        Input: JSON.stringify({ request, n, version: 1 }),
        RetryPolicy: retryPolicy,
        DeadLetterConfig: { Arn: target.deadLetterArn },
      },
    });
    try {
      const what = "Creating a schedule";
      await within(patience, what, (abortSignal) =>
        calling(what, () => client.send(command, { abortSignal })),
      );
    } catch (error) {
      // A schedule's name says all about it: one of that name is the one that was to be created.
      if (!isConflict(error)) throw error;
    }
  },
});
