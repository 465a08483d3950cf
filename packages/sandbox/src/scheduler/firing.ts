import { randomUUID } from "node:crypto";
import type { Queues } from "../aws/queues.ts";
import { AwsError } from "../aws/service.ts";
import type { Clock, Timer } from "../clock.ts";
import type { LambdaRuntime } from "../lambda/runtime.ts";
import type { Log } from "../log.ts";
import type { Collection, Store } from "../store.ts";
import { type Schedule, scheduleId } from "./schedule.ts";

export interface FiringDeps {
  store: Store;
  schedules: Collection<Schedule>;
  clock: Clock;
  log: Log;
  lambda: Pick<LambdaRuntime, "enqueue">;
  sqs: Queues;
  /** How late schedules fire, in milliseconds. AWS promises the minute: up to 60,000. */
  lag: number;
}

/** Keeps a timer for each schedule, and hands its event over when it is due. */
export interface Firing {
  /** Sets or replaces the timer of a schedule; none for one that is disabled or has fired. */
  arm(schedule: Schedule): void;
  disarm(schedule: Schedule): void;
  stop(): void;
}

/** Keywords that Scheduler fills in: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
const fillIn = (input: string, schedule: Schedule, executionId: string): string =>
  input
    .replaceAll("<aws.scheduler.schedule-arn>", schedule.arn)
    .replaceAll("<aws.scheduler.scheduled-time>", new Date(schedule.at).toISOString())
    .replaceAll("<aws.scheduler.execution-id>", executionId)
    .replaceAll("<aws.scheduler.attempt-number>", "1");

const parse = (input: string): unknown => {
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
};

/** @param deps.schedules where fired schedules are deleted or marked, in the same transaction as the hand-over */
export const createFiring = (deps: FiringDeps): Firing => {
  const { store, schedules, clock, log, lambda, sqs, lag } = deps;
  const timers = new Map<string, Timer>();

  /** What could not be handed over goes to the schedule's dead-letter queue; a missing function does not come back by trying again. */
  const giveUp = (schedule: Schedule, executionId: string, error: AwsError): void => {
    const { Target } = schedule.content;
    const queue = Target.DeadLetterConfig?.Arn;
    log.warn(`schedule ${schedule.name} could not be delivered: ${error.code}`);
    if (queue === undefined || !sqs.has(queue)) return;
    sqs.send(queue, Target.Input ?? "{}", {
      ERROR_CODE: error.code,
      ERROR_MESSAGE: error.message,
      EXECUTION_ID: executionId,
      EXECUTION_TIME: new Date(clock.now()).toISOString(),
      IS_PAYLOAD_TRUNCATED: "false",
      SCHEDULED_TIME: new Date(schedule.at).toISOString(),
      SCHEDULE_ARN: schedule.arn,
      TARGET_ARN: Target.Arn,
    });
  };

  const handOver = (schedule: Schedule): void => {
    const executionId = randomUUID();
    const { Arn, Input = "{}" } = schedule.content.Target;
    try {
      lambda.enqueue(Arn, parse(fillIn(Input, schedule, executionId)));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      giveUp(schedule, executionId, error);
    }
  };

  const fire = (id: string): void => {
    timers.delete(id);
    store.transaction(() => {
      const schedule = schedules.get(id);
      if (schedule === undefined || schedule.fired) return;
      if (schedule.content.ActionAfterCompletion === "DELETE") schedules.delete(id);
      else schedules.put(id, { ...schedule, fired: true });
      handOver(schedule);
    });
  };

  const disarm = ({ group, name }: Schedule): void => {
    const id = scheduleId(group, name);
    timers.get(id)?.cancel();
    timers.delete(id);
  };

  return {
    arm: (schedule) => {
      disarm(schedule);
      if (schedule.fired || schedule.content.State === "DISABLED") return;
      const id = scheduleId(schedule.group, schedule.name);
      timers.set(
        id,
        clock.at(schedule.at + lag, () => fire(id)),
      );
    },
    disarm,
    stop: () => {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
};
