import type { Clock } from "../../clock.ts";
import type { LambdaRuntime } from "../../lambda/runtime.ts";
import type { Log } from "../../log.ts";
import { createFiring } from "../../scheduler/firing.ts";
import { routes } from "../../scheduler/routes.ts";
import { parseAt, type Schedule, scheduleId } from "../../scheduler/schedule.ts";
import {
  ByName,
  type Content,
  GroupByName,
  List,
  ListGroups,
  Put,
} from "../../scheduler/schemas.ts";
import { describe, describeGroup, type Group, summary } from "../../scheduler/shapes.ts";
import type { Store } from "../../store.ts";
import { accountOf } from "../arn.ts";
import { paginate } from "../pagination.ts";
import type { Queues } from "../queues.ts";
import { AwsError, type Call, type Service } from "../service.ts";
import { validate } from "../validate.ts";

export interface SchedulerDeps {
  store: Store;
  clock: Clock;
  log: Log;
  lambda: Pick<LambdaRuntime, "enqueue">;
  sqs: Queues;
  groups: readonly Group[];
  /** How late schedules fire, in milliseconds. AWS promises the minute (up to 60,000); the default is 0. */
  lag?: number;
}

const missing = (what: string): AwsError =>
  new AwsError("ResourceNotFoundException", `${what} does not exist.`, 404);

/** EventBridge Scheduler, for one-time schedules in UTC that call Lambda functions. */
export const createScheduler = (
  deps: SchedulerDeps,
): Service & { resume(): void; stop(): void } => {
  const { store, clock, lambda, sqs, log, lag = 0 } = deps;
  const schedules = store.collection<Schedule>("scheduler/schedules");
  const firing = createFiring({ store, schedules, clock, log, lambda, sqs, lag });

  const groupsOf = (call: Call): Group[] => {
    const arn = `arn:aws:scheduler:${call.region}:${call.caller.accountId}:schedule-group/default`;
    const own = deps.groups.filter((group) => accountOf(group.arn) === call.caller.accountId);
    return [...own, { name: "default", arn }];
  };
  const groupOf = (call: Call, name: string): Group => {
    const found = groupsOf(call).find((group) => group.name === name);
    if (found) return found;
    throw missing(`Schedule group ${name}`);
  };
  const arnOf = (group: Group, name: string): string =>
    `${group.arn.replace(":schedule-group/", ":schedule/")}/${name}`;
  /** Of the caller's account. */
  const scheduleOf = (call: Call, group: string, name: string): Schedule => {
    const found = schedules.get(scheduleId(group, name));
    if (found && accountOf(found.arn) === call.caller.accountId) return found;
    throw missing(`Schedule ${name}`);
  };

  const timeOf = (content: Content): number => {
    const { ScheduleExpression: expression, ScheduleExpressionTimezone: zone } = content;
    const at = parseAt(expression);
    if (at === undefined) {
      throw new AwsError("ValidationException", `Invalid Schedule Expression ${expression}.`);
    }
    if (zone !== "UTC") {
      const reason = "The sandbox's schedules are in UTC.";
      throw new AwsError("ValidationException", `Invalid timezone ${zone}. ${reason}`);
    }
    if (at <= clock.now()) {
      const reason = "One-time schedules must be in the future.";
      throw new AwsError(
        "ValidationException",
        `Invalid Schedule Expression ${expression}. ${reason}`,
      );
    }
    return at;
  };

  /** Keeps a schedule and sets its timer. */
  const put = (schedule: Schedule): { ScheduleArn: string } => {
    schedules.put(scheduleId(schedule.group, schedule.name), schedule);
    firing.arm(schedule);
    return { ScheduleArn: schedule.arn };
  };

  const create = (call: Call): { ScheduleArn: string } => {
    const { Name, GroupName, ClientToken, ...content } = validate(Put, call.input);
    const group = groupOf(call, GroupName);
    const earlier = schedules.get(scheduleId(GroupName, Name));
    if (earlier) {
      // The SDK sends the same token when it tries again what it got no answer to.
      const again = ClientToken !== undefined && earlier.clientToken === ClientToken;
      if (again) return { ScheduleArn: earlier.arn };
      throw new AwsError("ConflictException", `Schedule ${Name} already exists.`, 409);
    }
    const now = clock.now();
    return put({
      name: Name,
      group: GroupName,
      arn: arnOf(group, Name),
      content,
      at: timeOf(content),
      fired: false,
      createdAt: now,
      modifiedAt: now,
      clientToken: ClientToken,
    });
  };

  const update = (call: Call): { ScheduleArn: string } => {
    const { Name, GroupName, ClientToken, ...content } = validate(Put, call.input);
    const earlier = scheduleOf(call, GroupName, Name);
    const at = timeOf(content);
    return put({ ...earlier, content, at, fired: false, modifiedAt: clock.now() });
  };

  const named = (call: Call): readonly string[] => {
    const { Name, GroupName } = validate(ByName, call.input);
    return [arnOf(groupOf(call, GroupName), Name)];
  };

  return {
    signingName: "scheduler",
    routes,
    resources: {
      CreateSchedule: named,
      UpdateSchedule: named,
      GetSchedule: named,
      DeleteSchedule: named,
    },
    operations: {
      CreateSchedule: create,
      UpdateSchedule: update,
      GetSchedule: (call) => {
        const { GroupName, Name } = validate(ByName, call.input);
        return describe(scheduleOf(call, GroupName, Name));
      },
      DeleteSchedule: (call) => {
        const { GroupName, Name } = validate(ByName, call.input);
        const schedule = scheduleOf(call, GroupName, Name);
        schedules.delete(scheduleId(GroupName, Name));
        firing.disarm(schedule);
        return {};
      },
      ListSchedules: (call) => {
        const input = validate(List, call.input);
        if (input.ScheduleGroup !== undefined) groupOf(call, input.ScheduleGroup);
        const matching = schedules
          .list()
          .map(({ document }) => document)
          .filter(({ arn }) => accountOf(arn) === call.caller.accountId)
          .filter(({ group }) => group === (input.ScheduleGroup ?? group))
          .filter(({ name }) => name.startsWith(input.NamePrefix ?? ""))
          .filter(({ content }) => content.State === (input.State ?? content.State));
        const { items, nextToken } = paginate(matching, ({ arn }) => arn, {
          list: `schedules ${input.ScheduleGroup} ${input.NamePrefix} ${input.State}`,
          token: input.NextToken,
          size: input.MaxResults,
        });
        return { Schedules: items.map(summary), NextToken: nextToken };
      },
      GetScheduleGroup: (call) =>
        describeGroup(groupOf(call, validate(GroupByName, call.input).Name)),
      ListScheduleGroups: (call) => {
        const input = validate(ListGroups, call.input);
        const matching = groupsOf(call).filter(({ name }) =>
          name.startsWith(input.NamePrefix ?? ""),
        );
        const { items, nextToken } = paginate(matching, ({ name }) => name, {
          list: `groups ${input.NamePrefix}`,
          token: input.NextToken,
          size: input.MaxResults,
        });
        return { ScheduleGroups: items.map(describeGroup), NextToken: nextToken };
      },
    },
    resume: () => {
      for (const { document } of schedules.list()) firing.arm(document);
    },
    stop: firing.stop,
  };
};
