import { buildDefinition, type strategyFunctions } from "@curfew/workflow";
import { createFunction } from "./function.ts";
import { rolePath } from "./names.ts";
import type { StrategyName } from "./permissions.ts";
import { arnOf, names } from "./stage.ts";

const awaitApproval = createFunction({
  name: "await-approval",
  folder: "workflow",
  timeout: "30 seconds",
  may: ["readAndWriteTable", "endWaits"],
});

const armRevocation = createFunction({
  name: "arm-revocation",
  folder: "workflow",
  timeout: "30 seconds",
  may: ["readAndWriteTable", "createSchedules", "publishEvents"],
});

const awaitExpiry = createFunction({
  name: "await-expiry",
  folder: "workflow",
  timeout: "30 seconds",
  may: ["readAndWriteTable", "endWaits"],
});

/**
 * Each strategy has its own pair. Identity Center is never waited for longer than a minute, and neither are the locks of a function that died;
 * a customer's function may take 14 minutes, and Lambda itself ends ours after 15.
 */
const strategies = {
  aws_sso: {
    timeout: "60 seconds",
    connectors: "assumeSsoConnectors",
    former: "assumeFormerSsoConnectors",
  },
  aws_lambda: {
    timeout: "900 seconds",
    connectors: "assumeLambdaConnectors",
    former: "assumeFormerLambdaConnectors",
  },
} as const;

const createPair = (strategy: StrategyName): sst.aws.Function[] => {
  const { timeout, connectors, former } = strategies[strategy];
  return [
    createFunction({
      name: `escalate-${strategy}`,
      folder: "workflow",
      timeout,
      // The directory, too: whether the person may have the access is decided again at this moment.
      may: ["readAndWriteTable", "createSchedules", "publishEvents", "assumeDirectory", connectors],
    }),
    createFunction({
      name: `deescalate-${strategy}`,
      folder: "workflow",
      timeout,
      may: ["readAndWriteTable", "publishEvents", connectors, former],
    }),
  ];
};

const pairs = [...createPair("aws_sso"), ...createPair("aws_lambda")];

/** What comes before the strategy's name. */
const prefixOf = (name: (typeof strategyFunctions)[number]): $util.Output<string> =>
  arnOf("lambda", `function:${names.function(name)}`);

const functionArns = {
  "await-approval": awaitApproval.arn,
  "arm-revocation": armRevocation.arn,
  "await-expiry": awaitExpiry.arn,
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
          {
            actions: ["lambda:InvokeFunction"],
            resources: [...Object.values(functionArns), ...pairs.map(({ arn }) => arn)],
          },
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
  definition: $resolve({
    ...functionArns,
    escalate: prefixOf("escalate"),
    deescalate: prefixOf("deescalate"),
  }).apply((arns) => JSON.stringify(buildDefinition(arns))),
});
