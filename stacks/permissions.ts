import { requestIndexes } from "@curfew/core";
import { type Names, openIndex, rolePath } from "./names.ts";

/** The strategies that have functions of their own, named after them. */
export type StrategyName = "aws_sso" | "aws_lambda";

/** The functions of the hub, by the names of their entry points. */
export type FunctionName =
  | "get-health"
  | "get-openapi"
  | "answer-unknown"
  | "list-flows"
  | "get-flow"
  | "create-request"
  | "list-requests"
  | "get-request"
  | "approve-request"
  | "deny-request"
  | "cancel-request"
  | "revoke-request"
  | "extend-request"
  | "await-approval"
  | "arm-revocation"
  | `escalate-${StrategyName}`
  | "await-expiry"
  | `deescalate-${StrategyName}`
  | "expire"
  | "recover"
  | "reconcile-requests"
  | "reconcile-leases";

/** One statement of a role's policy, as `sst.aws.Function` takes it. */
export interface Statement {
  actions: string[];
  resources: $util.Input<string>[];
  conditions?: { test: string; variable: string; values: string[] }[];
}

/** Something a function may be allowed, and the link that tells it where. */
export interface Grant {
  link?: "Table" | "Workflow" | "Schedules" | "Topics";
  statements: Statement[];
}

/** What grants are made of: the stage's names, and the roles that other accounts offer. */
export interface Hub {
  names: Names;
  arnOf: (service: string, resource: string) => $util.Input<string>;
  /** The roles that other accounts offer to a strategy. */
  connectorRoleArns: Record<StrategyName, string[]>;
  /** Those through which a strategy only takes away what it once gave. */
  formerRoleArns: Record<StrategyName, string[]>;
  /** The one that looks people up. */
  directoryRoleArn: string;
}

/** An action that IAM can allow on `*` only. */
export interface Wildcard {
  role: FunctionName;
  action: string;
  reason: string;
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
const tokensHaveNoArn =
  "A task token is no resource of IAM. A stolen token is worthless: the workflow branches on what is stored.";

/**
 * Every `*` resource of the hub's own policies. A test compares this list with the synthesized graph:
 * a wildcard that is not here fails it, and so does an entry that is not used.
 */
export const wildcards: readonly Wildcard[] = (
  [
    "approve-request",
    "deny-request",
    "cancel-request",
    "revoke-request",
    "extend-request",
    "await-approval",
    "await-expiry",
    "expire",
    "reconcile-requests",
  ] as const
).map((role) => ({ role, action: "states:SendTaskSuccess", reason: tokensHaveNoArn }));

/** Allows a function an action on everything, if it is listed for it. */
const onEverything = (role: FunctionName, action: string): Statement[] =>
  wildcards
    .filter((wildcard) => wildcard.role === role && wildcard.action === action)
    .map(() => ({ actions: [action], resources: ["*"] }));

/** The connectors' trust policies have to allow the same three actions. A statement without a resource is none. */
const assume = (resources: string[]): Statement[] =>
  resources.length === 0
    ? []
    : [{ actions: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"], resources }];

/** The named grants, as one function gets them. Actions and ARNs are listed; no action has a wildcard. */
export const grantsOf = (hub: Hub, role: FunctionName) => {
  const { names, arnOf, connectorRoleArns, formerRoleArns, directoryRoleArn } = hub;
  const table = `table/${names.table}`;
  return {
    /** Single-item reads and conditional writes; nothing is ever deleted but by its time to live. */
    readAndWriteTable: {
      link: "Table",
      statements: [
        {
          actions: ["dynamodb:GetItem", "dynamodb:PutItem"],
          resources: [arnOf("dynamodb", table)],
        },
      ],
    },
    readTable: {
      link: "Table",
      statements: [{ actions: ["dynamodb:GetItem"], resources: [arnOf("dynamodb", table)] }],
    },
    queryOpenItems: {
      link: "Table",
      statements: [
        {
          actions: ["dynamodb:Query"],
          resources: [arnOf("dynamodb", `${table}/index/${openIndex}`)],
        },
      ],
    },
    queryRequests: {
      link: "Table",
      statements: [
        {
          actions: ["dynamodb:Query"],
          resources: Object.keys(requestIndexes).map((index) =>
            arnOf("dynamodb", `${table}/index/${index}`),
          ),
        },
      ],
    },
    /** To tell a waiting execution that something was decided. */
    endWaits: { link: "Workflow", statements: onEverything(role, "states:SendTaskSuccess") },
    startExecutions: {
      link: "Workflow",
      statements: [
        {
          actions: ["states:StartExecution"],
          resources: [arnOf("states", `stateMachine:${names.stateMachine}`)],
        },
      ],
    },
    describeExecutions: {
      link: "Workflow",
      statements: [
        {
          actions: ["states:DescribeExecution"],
          resources: [arnOf("states", `execution:${names.stateMachine}:*`)],
        },
      ],
    },
    publishEvents: {
      link: "Topics",
      statements: [
        {
          actions: ["sns:Publish"],
          resources: [arnOf("sns", names.results), arnOf("sns", names.errors)],
        },
      ],
    },
    /** The role can be handed to EventBridge Scheduler and to nothing else. */
    createSchedules: {
      link: "Schedules",
      statements: [
        {
          actions: ["scheduler:CreateSchedule"],
          resources: [arnOf("scheduler", `schedule/${names.scheduleGroup}/*`)],
        },
        {
          actions: ["iam:PassRole"],
          resources: [arnOf("iam", `role${rolePath}${names.schedulesRole}`)],
          conditions: [
            {
              test: "StringEquals",
              variable: "iam:PassedToService",
              values: ["scheduler.amazonaws.com"],
            },
          ],
        },
      ],
    },
    /** What becomes of an asynchronous event that failed three times. */
    sendDeadLetters: {
      statements: [{ actions: ["sqs:SendMessage"], resources: [arnOf("sqs", names.deadLetters)] }],
    },
    /** To give access, to take it away, and to see whether it is there: in one strategy's accounts alone. */
    assumeSsoConnectors: { statements: assume(connectorRoleArns.aws_sso) },
    assumeLambdaConnectors: { statements: assume(connectorRoleArns.aws_lambda) },
    /** To take away what was given through roles that the configuration does not use any more. For nothing that gives access. */
    assumeFormerSsoConnectors: { statements: assume(formerRoleArns.aws_sso) },
    assumeFormerLambdaConnectors: { statements: assume(formerRoleArns.aws_lambda) },
    /** To learn who a caller is, and in which groups. */
    assumeDirectory: { statements: assume([directoryRoleArn]) },
  } satisfies Record<string, Grant>;
};

/** The name of a grant. */
export type GrantName = keyof ReturnType<typeof grantsOf>;
