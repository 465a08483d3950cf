import type { Route } from "../aws/service.ts";

const queryOfGroup = { groupName: "GroupName", clientToken: "ClientToken" };
/** The routes of the operations: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
export const routes: Record<string, Route> = {
  CreateSchedule: { method: "POST", path: "/schedules/{Name}" },
  UpdateSchedule: { method: "PUT", path: "/schedules/{Name}" },
  GetSchedule: { method: "GET", path: "/schedules/{Name}", query: queryOfGroup },
  DeleteSchedule: { method: "DELETE", path: "/schedules/{Name}", query: queryOfGroup },
  ListSchedules: {
    method: "GET",
    path: "/schedules",
    query: {
      ScheduleGroup: "ScheduleGroup",
      NamePrefix: "NamePrefix",
      State: "State",
      NextToken: "NextToken",
      MaxResults: "MaxResults",
    },
  },
  GetScheduleGroup: { method: "GET", path: "/schedule-groups/{Name}" },
  ListScheduleGroups: {
    method: "GET",
    path: "/schedule-groups",
    query: { NamePrefix: "NamePrefix", NextToken: "NextToken", MaxResults: "MaxResults" },
  },
};
