import {
  paginateListScheduleGroups,
  paginateListSchedules,
  Scheduler,
} from "@aws-sdk/client-scheduler";
import { expect } from "vitest";
import { hub as account } from "../testing/endpoint.ts";
import type { Contract, PagedList } from "./contract.ts";
import { functionArn, group, type World } from "./world.ts";

const as = (config: World["hub"]) => new Scheduler(config);
const absent = { GroupName: group, Name: "absent" };

const aSchedule = (Name: string) => ({
  Name,
  GroupName: group,
  ScheduleExpression: "at(2026-02-01T00:00:00)",
  FlexibleTimeWindow: { Mode: "OFF" as const },
  Target: {
    Arn: functionArn("expire"),
    RoleArn: `arn:aws:iam::${account}:role/curfew/curfew-sandbox-schedules`,
  },
});

export const scheduler: Contract = {
  CreateSchedule: {
    answers: async ({ hub }) => {
      const { ScheduleArn } = await as(hub).createSchedule(aSchedule("created"));
      expect(ScheduleArn).toBe(`arn:aws:scheduler:us-east-1:${account}:schedule/${group}/created`);
    },
    refuses: {
      ConflictException: ({ hub }) => as(hub).createSchedule(aSchedule("created")),
      ResourceNotFoundException: ({ hub }) =>
        as(hub).createSchedule({ ...aSchedule("lost"), GroupName: "absent" }),
      ValidationException: ({ hub }) =>
        as(hub).createSchedule({
          ...aSchedule("late"),
          ScheduleExpression: "at(2025-01-01T00:00:00)",
        }),
    },
  },
  UpdateSchedule: {
    answers: async ({ hub }) => {
      await as(hub).createSchedule({ ...aSchedule("updated"), Description: "before" });
      await as(hub).updateSchedule(aSchedule("updated"));
      const found = await as(hub).getSchedule({ GroupName: group, Name: "updated" });
      expect(found.Description).toBeUndefined();
    },
    refuses: {
      ResourceNotFoundException: ({ hub }) => as(hub).updateSchedule(aSchedule("absent")),
    },
  },
  GetSchedule: {
    answers: async ({ hub }) => {
      await as(hub).createSchedule(aSchedule("got"));
      const found = await as(hub).getSchedule({ GroupName: group, Name: "got" });
      expect(found).toMatchObject({ ...aSchedule("got"), CreationDate: expect.any(Date) });
    },
    refuses: {
      ResourceNotFoundException: async ({ hub, management }) => {
        await as(hub).getSchedule({ GroupName: group, Name: "got" });
        await as(management).getSchedule({ GroupName: group, Name: "got" });
      },
      ValidationException: ({ hub }) => as(hub).getSchedule({ ...absent, Name: "no name" }),
    },
  },
  DeleteSchedule: {
    answers: async ({ hub }) => {
      await as(hub).createSchedule(aSchedule("deleted"));
      await as(hub).deleteSchedule({ GroupName: group, Name: "deleted" });
    },
    refuses: { ResourceNotFoundException: ({ hub }) => as(hub).deleteSchedule(absent) },
  },
  ListSchedules: {
    answers: async ({ hub, management }) => {
      await as(hub).createSchedule(aSchedule("listed"));
      const { Schedules } = await as(hub).listSchedules({ GroupName: group, NamePrefix: "list" });
      expect(Schedules).toMatchObject([{ Name: "listed", Target: { Arn: functionArn("expire") } }]);
      expect((await as(management).listSchedules({})).Schedules).toEqual([]);
    },
    refuses: {
      ResourceNotFoundException: ({ hub }) => as(hub).listSchedules({ GroupName: "absent" }),
      ValidationException: ({ hub }) => as(hub).listSchedules({ NextToken: "none of ours" }),
    },
  },
  GetScheduleGroup: {
    answers: async ({ hub }) => {
      const found = await as(hub).getScheduleGroup({ Name: group });
      expect(found).toMatchObject({ Name: group, State: "ACTIVE" });
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).getScheduleGroup({ Name: group }),
    },
  },
  ListScheduleGroups: {
    answers: async ({ hub }) => {
      const { ScheduleGroups } = await as(hub).listScheduleGroups({});
      expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual([group, "default"]);
    },
    refuses: {
      ValidationException: ({ hub }) => as(hub).listScheduleGroups({ MaxResults: 0 }),
    },
  },
};

export const schedulerLists: readonly PagedList[] = [
  {
    operation: "ListSchedules",
    pages: ({ hub }, pageSize) => paginateListSchedules({ client: as(hub), pageSize }, {}),
    member: "Schedules",
  },
  {
    operation: "ListScheduleGroups",
    pages: ({ hub }, pageSize) => paginateListScheduleGroups({ client: as(hub), pageSize }, {}),
    member: "ScheduleGroups",
  },
];
