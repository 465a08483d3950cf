import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AwsError, type Call, type Service } from "../service.ts";
import { startEndpoint, type TestEndpoint } from "../testing/endpoint.ts";

const calls: Pick<Call, "operation" | "input">[] = [];

/** Remembers what a call came to, once its protocol was taken off. */
const remember =
  (answer: (call: Call) => unknown) =>
  (call: Call): unknown => {
    calls.push({ operation: call.operation, input: call.input });
    return answer(call);
  };

const scheduler: Service = {
  signingName: "scheduler",
  routes: {
    CreateSchedule: { method: "POST", path: "/schedules/{Name}" },
    GetSchedule: { method: "GET", path: "/schedules/{Name}", query: { groupName: "GroupName" } },
    DeleteSchedule: { method: "DELETE", path: "/schedules/{Name}" },
  },
  operations: {
    CreateSchedule: remember(() => ({ ScheduleArn: "arn:schedule" })),
    GetSchedule: remember(() => ({ CreationDate: new Date("2026-01-05T09:00:00.500Z") })),
    DeleteSchedule: remember(() => {
      throw new AwsError("ResourceNotFoundException", "Schedule req_01.0 does not exist.", 404);
    }),
  },
};

const lambda: Service = {
  signingName: "lambda",
  routes: {
    Invoke: {
      method: "POST",
      path: "/2015-03-31/functions/{FunctionName}/invocations",
      query: { Qualifier: "Qualifier" },
      headers: { "x-amz-invocation-type": "InvocationType" },
      payload: "Payload",
      answer: {
        status: "StatusCode",
        headers: { "x-amz-function-error": "FunctionError" },
        payload: "Payload",
      },
    },
  },
  operations: {
    Invoke: remember(({ input }) =>
      input.InvocationType === "Event"
        ? { StatusCode: 202 }
        : { StatusCode: 200, FunctionError: "Unhandled", Payload: '{"errorType":"Error"}' },
    ),
  },
};

let endpoint: TestEndpoint;
let schedules: SchedulerClient;
let functions: LambdaClient;
beforeAll(async () => {
  endpoint = await startEndpoint({ services: [scheduler, lambda] });
  schedules = new SchedulerClient(endpoint.as("sandbox"));
  functions = new LambdaClient(endpoint.as("sandbox"));
});
afterAll(() => endpoint.close());

describe("a rest-json service", () => {
  it("gets its input from path and body", async () => {
    const { ScheduleArn } = await schedules.send(
      new CreateScheduleCommand({
        Name: "req_01.0",
        GroupName: "curfew",
        ScheduleExpression: "at(2026-01-05T10:00:00)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: "arn:function", RoleArn: "arn:role" },
        ClientToken: "token",
      }),
    );
    expect(ScheduleArn).toBe("arn:schedule");
    expect(calls.at(-1)).toEqual({
      operation: "CreateSchedule",
      input: {
        Name: "req_01.0",
        GroupName: "curfew",
        ScheduleExpression: "at(2026-01-05T10:00:00)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: "arn:function", RoleArn: "arn:role" },
        ClientToken: "token",
      },
    });
  });

  it("gets its input from the query string, and answers times in epoch seconds", async () => {
    const command = new GetScheduleCommand({ Name: "req_01.0", GroupName: "curfew" });
    const { CreationDate } = await schedules.send(command);
    expect(CreationDate).toEqual(new Date("2026-01-05T09:00:00.500Z"));
    expect(calls.at(-1)?.input).toEqual({ Name: "req_01.0", GroupName: "curfew" });
  });

  it("answers its exceptions by name, message and status", async () => {
    const command = new DeleteScheduleCommand({ Name: "req_01.0" });
    await expect(schedules.send(command)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Schedule req_01.0 does not exist.",
      $metadata: { httpStatusCode: 404 },
    });
  });

  it("gets a body as it is, beside a percent-encoded ARN and headers", async () => {
    const FunctionName = "arn:aws:lambda:us-east-1:555555555555:function:db-admin";
    const answer = await functions.send(
      new InvokeCommand({ FunctionName, Qualifier: "live", Payload: '{"id":1}' }),
    );
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(answer.Payload?.transformToString()).toBe('{"errorType":"Error"}');
    const { Payload, ...input } = calls.at(-1)?.input ?? {};
    expect(input).toEqual({ FunctionName, Qualifier: "live" });
    expect(Buffer.from(Payload instanceof Uint8Array ? Payload : "").toString()).toBe('{"id":1}');
  });

  it("answers the status that the output names, and no header without a value", async () => {
    const command = new InvokeCommand({ FunctionName: "db-admin", InvocationType: "Event" });
    const answer = await functions.send(command);
    expect(answer.StatusCode).toBe(202);
    expect(answer.FunctionError).toBeUndefined();
  });

  it("has nothing where no route leads", async () => {
    const response = await fetch(`${endpoint.url}/schedules`, {
      headers: {
        authorization:
          "AWS4-HMAC-SHA256 Credential=sandbox/20260105/us-east-1/scheduler/aws4_request",
      },
    });
    expect(response.status).toBe(404);
    expect(response.headers.get("x-amzn-errortype")).toBe("UnknownOperationException");
    expect(endpoint.warnings).toEqual(["The sandbox does not offer scheduler at GET /schedules."]);
  });
});
