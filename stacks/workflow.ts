import { buildDefinition } from "@curfew/workflow";
import { createFunction } from "./function.ts";
import { rolePath } from "./names.ts";
import { names } from "./stage.ts";

const awaitApproval = createFunction({
  name: "await-approval",
  folder: "workflow",
  timeout: "30 seconds",
  may: ["readAndWriteTable", "endWaits"],
});

const settleApproval = createFunction({
  name: "settle-approval",
  folder: "workflow",
  timeout: "30 seconds",
  may: ["readAndWriteTable", "publishEvents"],
});

const armRevocation = createFunction({
  name: "arm-revocation",
  folder: "workflow",
  timeout: "30 seconds",
  may: ["readAndWriteTable", "createSchedules"],
});

const escalate = createFunction({
  name: "escalate",
  folder: "workflow",
  timeout: "60 seconds",
  may: ["readAndWriteTable", "createSchedules", "publishEvents", "assumeConnectors"],
});

const awaitExpiry = createFunction({
  name: "await-expiry",
  folder: "workflow",
  timeout: "30 seconds",
  may: ["readAndWriteTable", "endWaits"],
});

const deescalate = createFunction({
  name: "deescalate",
  folder: "workflow",
  timeout: "60 seconds",
  may: ["readAndWriteTable", "publishEvents", "assumeConnectors"],
});

const functionArns = {
  "await-approval": awaitApproval.arn,
  "settle-approval": settleApproval.arn,
  "arm-revocation": armRevocation.arn,
  escalate: escalate.arn,
  "await-expiry": awaitExpiry.arn,
  deescalate: deescalate.arn,
};

/** What the machine runs as: it may invoke its own functions, nothing else. */
const role = new aws.iam.Role("WorkflowRole", {
  name: names.workflowRole,
  path: rolePath,
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "states.amazonaws.com" }),
  inlinePolicies: [
    {
      name: "inline",
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          { actions: ["lambda:InvokeFunction"], resources: Object.values(functionArns) },
        ],
      }).json,
    },
  ],
});

/**
 * One execution carries one request. Pulumi's resource and not SST's `StepFunctions`, which emits an
 * unsupported `Timeout` field and gives its role `events:*` on everything.
 */
export const stateMachine = new aws.sfn.StateMachine("StateMachine", {
  name: names.stateMachine,
  roleArn: role.arn,
  definition: $resolve(functionArns).apply((arns) => JSON.stringify(buildDefinition(arns))),
});
