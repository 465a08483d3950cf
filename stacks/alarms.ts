import { names } from "./stage.ts";
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
