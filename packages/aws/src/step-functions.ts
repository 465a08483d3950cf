import {
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { executionName, type RequestId, type Workflow } from "@curfew/core";
import { repeatable } from "./clients.ts";
import { calling, isException } from "./errors.ts";
import { within } from "./within.ts";

/** How long calls may take with all their attempts, in milliseconds; as long as the client lets them, unless given. */
export interface WorkflowPatience {
  start?: number;
  signal?: number;
}

/**
 * Executions of one state machine, named `<request id>.<k>`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export const createWorkflow = (
  machineArn: string,
  client = new SFNClient(repeatable),
  { start, signal }: WorkflowPatience = {},
): Workflow => ({
  start: async (input) => {
    const command = new StartExecutionCommand({
      stateMachineArn: machineArn,
      name: executionName(input.request, input.k),
      input: JSON.stringify(input),
    });
    try {
      await patiently(start, "Starting the workflow", (options) => client.send(command, options));
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
      await patiently(signal, "Signalling the workflow", (options) =>
        client.send(command, options),
      );
      return "sent";
    } catch (error) {
      if (isException(error, "TaskTimedOut", "TaskDoesNotExist", "InvalidToken")) return "stale";
      throw error;
    }
  },
});

const patiently = async <T>(
  patience: number | undefined,
  what: string,
  call: (options: { abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> =>
  patience === undefined
    ? calling(what, () => call({}))
    : within(patience, what, (abortSignal) => calling(what, () => call({ abortSignal })));

const executionArnOf = (machineArn: string, request: RequestId, execution: number): string =>
  `${machineArn.replace(":stateMachine:", ":execution:")}:${executionName(request, execution)}`;
