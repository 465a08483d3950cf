import type { BusEvent } from "../aws/events-bus.ts";
import type { Execution } from "./execution.ts";

const part = (arn: string, at: number): string => arn.split(":")[at] ?? "";

const details = (json: string | undefined): { included: boolean } | null =>
  json === undefined ? null : { included: true };

/** The event that Step Functions puts on the bus when an execution's status changes: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export const statusChange = (execution: Execution): BusEvent => ({
  source: "aws.states",
  "detail-type": "Step Functions Execution Status Change",
  account: part(execution.arn, 4),
  region: part(execution.arn, 3),
  resources: [execution.arn],
  detail: {
    executionArn: execution.arn,
    stateMachineArn: execution.machineArn,
    name: execution.name,
    status: execution.status,
    startDate: execution.startedAt,
    stopDate: execution.stoppedAt ?? null,
    input: execution.input,
    inputDetails: details(execution.input),
    output: execution.output ?? null,
    outputDetails: details(execution.output),
    error: execution.error ?? null,
    cause: execution.cause ?? null,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    redriveCount: 0,
    redriveDate: null,
    redriveStatus: "NOT_REDRIVABLE",
    redriveStatusReason: "The sandbox redrives no execution",
  },
});
