import { lateAfter, type MetricName } from "@curfew/core";
import { names, stage } from "./stage.ts";
import { errors } from "./topics.ts";
import { stateMachine } from "./workflow.ts";

const fiveMinutes = 5 * 60;

const onAnything = {
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  evaluationPeriods: 1,
  treatMissingData: "notBreaching",
  alarmActions: [errors.arn],
};

/** An event that three attempts could not handle: the reconciler goes on, but something is broken. */
new aws.cloudwatch.MetricAlarm("DeadLettersAlarm", {
  ...onAnything,
  name: names.deadLetters,
  alarmDescription: "Events that end access could not be handled. See the dead-letter queue.",
  namespace: "AWS/SQS",
  metricName: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName: names.deadLetters },
  statistic: "Maximum",
  period: fiveMinutes,
});

/** Business outcomes end in Succeed, so any of these means that the machinery broke. */
const brokenExecutions = ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"];

new aws.cloudwatch.MetricAlarm("FailedExecutionsAlarm", {
  ...onAnything,
  name: names.failedExecutions,
  alarmDescription: "Executions of the workflow broke; recovery starts others.",
  metricQueries: [
    {
      id: "broken",
      label: "Broken executions",
      expression: brokenExecutions.map((_, index) => `m${index}`).join(" + "),
      returnData: true,
    },
    ...brokenExecutions.map((metricName, index) => ({
      id: `m${index}`,
      metric: {
        namespace: "AWS/States",
        metricName,
        dimensions: { StateMachineArn: stateMachine.arn },
        stat: "Sum",
        period: fiveMinutes,
      },
    })),
  ],
});

/** What the functions measure by themselves: see `metrics` in packages/functions/src/deps.ts. */
const measured = (metricName: MetricName) => ({
  namespace: "Curfew",
  metricName,
  dimensions: { service: "curfew", stage },
  period: fiveMinutes,
});

/** The promise itself. `reconcile-requests` measures it every five minutes, and goes on ending what it counts. */
new aws.cloudwatch.MetricAlarm("OpenPastExpiryAlarm", {
  ...onAnything,
  ...measured("OpenPastExpiry"),
  name: names.openPastExpiry,
  alarmDescription:
    "Requests are open although their end passed minutes ago. See the errors topic.",
  statistic: "Maximum",
});

/**
 * A reconciler records its metric at the end of each run. A disabled rule and a function that is
 * never called leave nothing in the dead-letter queue. Two alarms rather than one over both metrics:
 * metric math returns no data at all for a metric that was never recorded.
 */
const silent = (metricName: MetricName) => ({
  ...onAnything,
  ...measured(metricName),
  statistic: "SampleCount",
  comparisonOperator: "LessThanThreshold",
  threshold: 1,
  period: 3 * fiveMinutes,
  treatMissingData: "breaching",
});

/** The last of the four ways to the end, and the source of the alarm on open requests, which is blind without it. */
new aws.cloudwatch.MetricAlarm("RequestsReconcilerSilentAlarm", {
  ...silent("OpenPastExpiry"),
  name: names.requestsReconcilerSilent,
  alarmDescription: "No run of reconcile-requests has finished for 15 minutes.",
});

new aws.cloudwatch.MetricAlarm("LeasesReconcilerSilentAlarm", {
  ...silent("LeaseFailures"),
  name: names.leasesReconcilerSilent,
  alarmDescription: "No run of reconcile-leases has finished for 15 minutes.",
});

/** Revocations succeed, but slowly: throttled, or the service is slow. Events of late access begin at the same bound. */
new aws.cloudwatch.MetricAlarm("RevocationLagAlarm", {
  ...onAnything,
  ...measured("RevocationLagSeconds"),
  name: names.revocationLag,
  alarmDescription: "One access in a hundred was gone only minutes after its end.",
  extendedStatistic: "p99",
  threshold: lateAfter,
});
