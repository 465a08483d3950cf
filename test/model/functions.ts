import {
  armRevocation,
  awaitApproval,
  awaitEnd,
  awaitExpiry,
  type Config,
  deescalate,
  escalate,
  type Invocation,
  type Ports,
} from "@curfew/core";
import {
  DeescalateInput,
  ExpiryTaskInput,
  stateNames,
  TaskInput,
  TokenTaskInput,
} from "@curfew/workflow";

/** A function of the workflow: its timeout in seconds, and the core's operation that it calls. */
interface WorkflowFunction {
  timeout: number;
  handle(ports: Ports, event: unknown, invocation: Invocation): Promise<unknown>;
}

const short: Pick<WorkflowFunction, "timeout"> = { timeout: 30 };

const escalateFunction = (config: Config, timeout: number): WorkflowFunction => ({
  timeout,
  handle: (ports, event, invocation) =>
    escalate(ports, config, TaskInput.parse(event).input.request, invocation),
});
const deescalateFunction = (timeout: number): WorkflowFunction => ({
  timeout,
  handle: (ports, event, invocation) => {
    const { input, execution } = DeescalateInput.parse(event);
    const error = input.error && {
      name: input.error.Error,
      message: input.error.Cause ?? "",
    };
    return deescalate(ports, input.request, invocation, error, execution);
  },
});

/** The functions that the state machine invokes, as packages/functions and stacks define them. */
export const workflowFunctions = (config: Config): Readonly<Record<string, WorkflowFunction>> => ({
  "await-approval": {
    ...short,
    handle: (ports, event) => {
      const { input, state, token, enteredAt, execution } = TokenTaskInput.parse(event);
      return awaitApproval(ports, input.request, { state, token, enteredAt, execution });
    },
  },
  "arm-revocation": {
    ...short,
    handle: (ports, event) => armRevocation(ports, TaskInput.parse(event).input.request),
  },
  "await-expiry": {
    ...short,
    handle: (ports, event) => {
      const task = ExpiryTaskInput.parse(event);
      const { state, token, enteredAt, execution } = task;
      const waiting = { state, token, enteredAt, execution };
      return task.state === stateNames.waitOutTheMinute
        ? awaitEnd(ports, task.input.request, waiting, task.input.minute.seconds)
        : awaitExpiry(ports, task.input.request, waiting);
    },
  },
  "escalate-aws_sso": escalateFunction(config, 60),
  "deescalate-aws_sso": deescalateFunction(60),
  "escalate-aws_lambda": escalateFunction(config, 900),
  "deescalate-aws_lambda": deescalateFunction(900),
});
