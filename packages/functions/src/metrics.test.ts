import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as z from "zod/mini";
import { metrics } from "./deps.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const Line = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string() })),
      }),
    ),
  }),
});

const lines: unknown[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.stubEnv("CURFEW_STAGE", "production");
  vi.stubEnv("POWERTOOLS_SERVICE_NAME", "curfew");
  vi.stubEnv("POWERTOOLS_METRICS_NAMESPACE", "Curfew");
  // Then Powertools writes through the console, where it can be listened to.
  vi.stubEnv("POWERTOOLS_DEV", "true");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  vi.spyOn(console, "log").mockImplementation((line: string) => lines.push(JSON.parse(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it("writes each measurement as a line of its own, under the dimensions that the alarms watch", () => {
  metrics.record("RevocationLagSeconds", 1.5);
  metrics.record("OpenPastExpiry", 0);
  metrics.record("LeaseFailures", 2);
  const hasBoth = (dimensions: string[]) => dimensions.toSorted().join() === "service,stage";
  const metric = (name: string, unit: string) => ({
    Namespace: "Curfew",
    Dimensions: [expect.toSatisfy(hasBoth)],
    Metrics: [{ Name: name, Unit: unit }],
  });
  const parsed = lines.map((line) => Line.parse(line));
  expect(parsed.map(({ _aws }) => _aws.CloudWatchMetrics)).toEqual([
    [metric("RevocationLagSeconds", "Seconds")],
    [metric("OpenPastExpiry", "Count")],
    [metric("LeaseFailures", "Count")],
  ]);
  expect(parsed).toMatchObject([
    { stage: "production", service: "curfew", RevocationLagSeconds: 1.5 },
    { stage: "production", service: "curfew", OpenPastExpiry: 0 },
    { stage: "production", service: "curfew", LeaseFailures: 2 },
  ]);
});
