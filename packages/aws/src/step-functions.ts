import {
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { executionName, type RequestId, type Workflow } from "@curfew/core";
import { repeatable } from "./clients.ts";
import { calling, isException } from "./errors.ts";

/**
 * Executions of one state machine, named `<request id>.<k>`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export const createWorkflow = (
  machineArn: string,
  client = new SFNClient(repeatable),
): Workflow => ({
  start: async (input) => {
    const command = new StartExecutionCommand({
      stateMachineArn: machineArn,
      name: executionName(input.request, input.k),
      input: JSON.stringify(input),
    });
    try {
      await calling("Starting the workflow", () => client.send(command));
    } catch (error) {
      if (!isException(error, "ExecutionAlreadyExists")) throw error;
    }
  },

  status: async (request, execution) => {
    const executionArn = executionArnOf(machineArn, request, execution);
    const command = new DescribeExecutionCommand({ executionArn });
    try {
      const { status } = await calling("Describing an execution", () => client.send(command));
      return status === "RUNNING" ? "running" : "ended";
    } catch (error) {
      if (isException(error, "ExecutionDoesNotExist")) return "absent";
      throw error;
    }
  },

  signal: async (taskToken, output) => {
    const command = new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) });
    try {
      await calling("Signalling the workflow", () => client.send(command));
      return "sent";
    } catch (error) {
      if (isException(error, "TaskTimedOut", "TaskDoesNotExist", "InvalidToken")) return "stale";
      throw error;
    }
  },
});

const executionArnOf = (machineArn: string, request: RequestId, execution: number): string =>
  `${machineArn.replace(":stateMachine:", ":execution:")}:${executionName(request, execution)}`;
