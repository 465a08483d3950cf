import type { Schedule } from "./schedule.ts";

/** A schedule group of the deployment. */
export interface Group {
  name: string;
  arn: string;
}

/** When the groups of a deployment were created, as far as anybody can tell. */
const created = new Date("2024-01-01T00:00:00Z");

/** A schedule as GetSchedule answers it. */
export const describe = (schedule: Schedule) => ({
  Arn: schedule.arn,
  Name: schedule.name,
  GroupName: schedule.group,
  ...schedule.content,
  CreationDate: new Date(schedule.createdAt),
  LastModificationDate: new Date(schedule.modifiedAt),
});

/** A schedule as ListSchedules answers it. */
export const summary = ({ content, ...schedule }: Schedule) => ({
  Arn: schedule.arn,
  Name: schedule.name,
  GroupName: schedule.group,
  State: content.State,
  CreationDate: new Date(schedule.createdAt),
  LastModificationDate: new Date(schedule.modifiedAt),
  Target: { Arn: content.Target.Arn },
});

/** A group as GetScheduleGroup and ListScheduleGroups answer it. */
export const describeGroup = (group: Group) => ({
  Arn: group.arn,
  Name: group.name,
  State: "ACTIVE",
  CreationDate: created,
  LastModificationDate: created,
});
