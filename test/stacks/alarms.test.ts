import { expect, test } from "vitest";
import * as z from "zod";
import { propertiesOf } from "./graph.ts";

const alarms = propertiesOf(
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  z.looseObject({
    name: z.string(),
    threshold: z.number(),
    comparisonOperator: z.string(),
    alarmActions: z.array(z.string()),
    metricName: z.string().optional(),
    dimensions: z.record(z.string(), z.string()).optional(),
    metricQueries: z.array(z.looseObject({ expression: z.string().optional() })).optional(),
  }),
);

const alarm = (name: string) => alarms.find((one) => one.name === `curfew-sandbox-${name}`);

test("every alarm tells the errors topic", () => {
  expect(alarms).toHaveLength(6);
  for (const { alarmActions } of alarms)
    expect(alarmActions).toEqual(["arn:aws:sns:us-east-1:666666666666:curfew-sandbox-errors"]);
});

test("a single dead letter, broken execution or request past its end is too many", () => {
  for (const name of ["dead-letters", "failed-executions", "open-past-expiry"])
    expect(alarm(name)).toMatchObject({
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
    });
  expect(alarm("open-past-expiry")).toMatchObject({ statistic: "Maximum" });
  expect(alarm("dead-letters")?.metricName).toBe("ApproximateNumberOfMessagesVisible");
});

test("one slow revocation in a hundred is too many", () => {
  expect(alarm("revocation-lag")).toMatchObject({ extendedStatistic: "p99", threshold: 300 });
});

test.each([
  ["reconcile-requests", "OpenPastExpiry"],
  ["reconcile-leases", "LeaseFailures"],
])("%s without a finished run for a quarter of an hour is too quiet", (name, metricName) => {
  expect(alarm(`${name}-silent`)).toMatchObject({
    metricName,
    statistic: "SampleCount",
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    period: 900,
    treatMissingData: "breaching",
  });
});

test("own metrics are watched under the names and dimensions with which functions record them", () => {
  const own = ["open-past-expiry", "revocation-lag"];
  for (const name of [...own, "reconcile-requests-silent", "reconcile-leases-silent"])
    expect(alarm(name)).toMatchObject({
      namespace: "Curfew",
      dimensions: { service: "curfew", stage: "sandbox" },
    });
  const environments = propertiesOf(
    "aws:lambda/function:Function",
    z.object({ environment: z.object({ variables: z.record(z.string(), z.string()) }) }),
  ).map(({ environment }) => environment.variables);
  for (const environment of environments)
    expect(environment).toMatchObject({
      CURFEW_STAGE: "sandbox",
      POWERTOOLS_SERVICE_NAME: "curfew",
      POWERTOOLS_METRICS_NAMESPACE: "Curfew",
    });
});
