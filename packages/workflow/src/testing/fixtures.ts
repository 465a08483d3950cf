import { buildDefinition, type WorkflowFunction } from "../definition.ts";
import type { WorkflowInput } from "../schemas.ts";
import { WorkflowInput as schema } from "../schemas.ts";

const arnOf = (name: WorkflowFunction): string =>
  `arn:aws:lambda:us-east-1:666666666666:function:curfew-test-${name}`;

/** The ARN of each function of stage `test`, without the strategy's name. */
export const functionArns: Record<WorkflowFunction, string> = {
  "await-approval": arnOf("await-approval"),
  "arm-revocation": arnOf("arm-revocation"),
  escalate: arnOf("escalate"),
  "await-expiry": arnOf("await-expiry"),
  deescalate: arnOf("deescalate"),
};

/** The definition for {@link functionArns}, a fresh one: the validators write into what they are given. */
export const aDefinition = (): ReturnType<typeof buildDefinition> => buildDefinition(functionArns);

/** A valid input of an execution, with overrides. */
export const anInput = (overrides: Partial<WorkflowInput> = {}): WorkflowInput =>
  schema.parse({
    request: "req_01JD0000000000000000000000",
    k: 0,
    version: 1,
    enter: "escalation",
    seconds: 3600,
    startAt: "2026-11-20T12:00:00.000Z",
    strategy: "aws_sso",
    ...overrides,
  });
