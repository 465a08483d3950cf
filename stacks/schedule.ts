import { createFunction } from "./function.ts";
import { rolePath } from "./names.ts";
import type { GrantName } from "./permissions.ts";
import { accountId, arnOf, names } from "./stage.ts";

/** What nobody managed to handle: an alarm watches it (alarms.ts). */
export const deadLetters = new sst.aws.Queue("DeadLetters", {
  transform: { queue: { name: names.deadLetters, messageRetentionSeconds: 14 * 24 * 60 * 60 } },
});

/** Whoever finds an execution dead starts the next one. */
const mayReplaceExecutions: GrantName[] = [
  "readAndWriteTable",
  "startExecutions",
  "describeExecutions",
  "sendDeadLetters",
];

/** Called by the schedules in the minute before an access ends. */
export const expire = createFunction({
  name: "expire",
  folder: "schedule",
  timeout: "60 seconds",
  may: [...mayReplaceExecutions, "endWaits"],
  onFailure: deadLetters.arn,
});

/** Called when an execution broke. */
const recover = createFunction({
  name: "recover",
  folder: "schedule",
  timeout: "60 seconds",
  may: mayReplaceExecutions,
  onFailure: deadLetters.arn,
});

/**
 * Called every five minutes: ends the requests that the other ways to the end missed. It reaches no
 * other account: an execution takes the access away. A run stops by itself after four minutes; the
 * timeout leaves the last request its time where AWS hangs, so that the run still records its metric.
 */
const reconcileRequests = createFunction({
  name: "reconcile-requests",
  folder: "schedule",
  timeout: "900 seconds",
  may: [...mayReplaceExecutions, "endWaits", "queryOpenItems", "createSchedules", "publishEvents"],
  onFailure: deadLetters.arn,
});

/**
 * Called every five minutes: releases the leases that nobody holds and checks closed ones once more.
 * It starts nothing. A run stops by itself after four minutes; the timeout leaves a customer's
 * function, called last, its time.
 */
const reconcileLeases = createFunction({
  name: "reconcile-leases",
  folder: "schedule",
  timeout: "900 seconds",
  may: [
    "readAndWriteTable",
    "queryOpenItems",
    "publishEvents",
    "sendDeadLetters",
    "assumeSsoConnectors",
    "assumeLambdaConnectors",
    "assumeFormerSsoConnectors",
    "assumeFormerLambdaConnectors",
  ],
  onFailure: deadLetters.arn,
});

/** The group of all schedules of requests. */
const group = new aws.scheduler.ScheduleGroup("ScheduleGroup", { name: names.scheduleGroup });

/** What the schedules run as. Only this account's scheduler, for this group, may assume it. */
new aws.iam.Role("SchedulesRole", {
  name: names.schedulesRole,
  path: rolePath,
  assumeRolePolicy: aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ["sts:AssumeRole"],
        principals: [{ type: "Service", identifiers: ["scheduler.amazonaws.com"] }],
        conditions: [
          { test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] },
          { test: "StringEquals", variable: "aws:SourceArn", values: [group.arn] },
        ],
      },
    ],
  }).json,
  inlinePolicies: [
    {
      name: "inline",
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          { actions: ["lambda:InvokeFunction"], resources: [expire.arn] },
          // The schedules' own retries cover only the hand-over to Lambda, and so does this.
          { actions: ["sqs:SendMessage"], resources: [deadLetters.arn] },
        ],
      }).json,
    },
  ],
});

/** Best effort, says AWS: it makes recovery quick, the reconciler makes it certain. */
const executionEnded = new aws.cloudwatch.EventRule("ExecutionEnded", {
  name: names.executionEnded,
  description: "An execution of Curfew's workflow broke.",
  eventPattern: $jsonStringify({
    source: ["aws.states"],
    "detail-type": ["Step Functions Execution Status Change"],
    detail: {
      stateMachineArn: [arnOf("states", `stateMachine:${names.stateMachine}`)],
      status: ["FAILED", "TIMED_OUT", "ABORTED"],
    },
  }),
});

new aws.lambda.Permission("ExecutionEndedPermission", {
  action: "lambda:InvokeFunction",
  function: recover.arn,
  principal: "events.amazonaws.com",
  sourceArn: executionEnded.arn,
});

new aws.cloudwatch.EventTarget("ExecutionEndedTarget", {
  rule: executionEnded.name,
  targetId: "recover",
  arn: recover.arn,
  deadLetterConfig: { arn: deadLetters.arn },
});

/** Each costs nothing worth mentioning: 8,640 short invocations a month. */
new sst.aws.Cron("RequestReconciliation", {
  function: reconcileRequests.arn,
  schedule: "rate(5 minutes)",
  transform: {
    rule: { name: names.reconcileRequests },
    target: { targetId: "reconcile-requests", deadLetterConfig: { arn: deadLetters.arn } },
  },
});

new sst.aws.Cron("LeaseReconciliation", {
  function: reconcileLeases.arn,
  schedule: "rate(5 minutes)",
  transform: {
    rule: { name: names.reconcileLeases },
    target: { targetId: "reconcile-leases", deadLetterConfig: { arn: deadLetters.arn } },
  },
});

/** EventBridge sends events that it could not deliver by the queue's own policy, without a role. */
new aws.sqs.QueuePolicy("DeadLettersPolicy", {
  queueUrl: deadLetters.url,
  policy: aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ["sqs:SendMessage"],
        resources: [deadLetters.arn],
        principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
        conditions: [
          {
            test: "ArnEquals",
            variable: "aws:SourceArn",
            values: [
              executionEnded.arn,
              arnOf("events", `rule/${names.reconcileRequests}`),
              arnOf("events", `rule/${names.reconcileLeases}`),
            ],
          },
        ],
      },
    ],
  }).json,
});
