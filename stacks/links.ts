import { rolePath } from "./names.ts";
import { arnOf, names } from "./stage.ts";

/**
 * What functions read from `Resource`: names and ARNs, no permissions.
 *
 * SST's own links would bring wide permissions along (`dynamodb:*`, `states:*`); see permissions.ts for
 * the narrow ones.
 */
export const links = {
  Table: new sst.Linkable("Table", { properties: { name: names.table } }),
  Workflow: new sst.Linkable("Workflow", {
    properties: { arn: arnOf("states", `stateMachine:${names.stateMachine}`) },
  }),
  Schedules: new sst.Linkable("Schedules", {
    properties: {
      group: names.scheduleGroup,
      roleArn: arnOf("iam", `role${rolePath}${names.schedulesRole}`),
      expireArn: arnOf("lambda", `function:${names.function("expire")}`),
      deadLetterArn: arnOf("sqs", names.deadLetters),
    },
  }),
  Topics: new sst.Linkable("Topics", {
    properties: { results: arnOf("sns", names.results), errors: arnOf("sns", names.errors) },
  }),
};
