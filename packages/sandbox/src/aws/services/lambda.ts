import * as z from "zod";
import type { Lambda } from "../../lambda/lambda.ts";
import { type FunctionSpec, unqualified } from "../../lambda/spec.ts";
import { accountOf } from "../arn.ts";
import { accessDenied } from "../authorize.ts";
import { paginate } from "../pagination.ts";
import { AwsError, type Call, type Route, type Service } from "../service.ts";
import { validate } from "../validate.ts";

/** Bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (asynchronously the older, smaller limit). */
const largestPayload = { RequestResponse: 6_291_456, Event: 262_144, DryRun: 6_291_456 };

const name = z
  .string()
  .min(1)
  .max(170)
  .regex(
    /^(arn:aws[a-zA-Z-]*:lambda:)?([a-z]{2}(-[a-z]+)+-\d:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_.]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?$/,
  );
const Named = z.object({ FunctionName: name });
const Invocation = z.object({
  FunctionName: name,
  InvocationType: z.enum(["RequestResponse", "Event", "DryRun"]).default("RequestResponse"),
  Payload: z.instanceof(Uint8Array).default(new Uint8Array()),
});
const Page = z.object({
  Marker: z.string().optional(),
  MaxItems: z.coerce.number().int().min(1).max(10_000).default(50),
});

/** However many are asked for. */
const largestPage = 50;

/** The ARN that a name, a partial ARN or an ARN means, seen from the caller's account. */
const resolveArn = (call: Call, reference: string): string => {
  if (reference.startsWith("arn:")) return unqualified(reference);
  const parts = reference.split(":");
  const accountId = /^\d{12}$/.test(parts[0] ?? "") ? parts.shift() : call.caller.accountId;
  if (parts[0] === "function") parts.shift();
  return `arn:aws:lambda:${call.region}:${accountId}:function:${parts[0]}`;
};

const parsePayload = (bytes: Uint8Array): unknown => {
  const text = Buffer.from(bytes).toString("utf8");
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AwsError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${error instanceof Error ? error.message : error}`,
      400,
      { Type: "User" },
    );
  }
};

/** When the functions were deployed, as far as anybody can tell, in the service's own format. */
const deployed = "2024-01-01T00:00:00.000+0000";

const describe = (spec: FunctionSpec) => ({
  FunctionName: spec.name,
  FunctionArn: spec.arn,
  Runtime: spec.runtime,
  Role: spec.role,
  Handler: `bundle.${spec.exportName}`,
  Description: spec.description,
  Timeout: spec.timeout,
  MemorySize: spec.memory,
  LastModified: deployed,
  Version: "$LATEST",
  PackageType: "Zip",
  Architectures: ["arm64"],
  State: "Active",
  LastUpdateStatus: "Successful",
});

const functions = "/2015-03-31/functions";

const routes: Record<string, Route> = {
  Invoke: {
    method: "POST",
    path: `${functions}/{FunctionName}/invocations`,
    query: { Qualifier: "Qualifier" },
    headers: { "x-amz-invocation-type": "InvocationType" },
    payload: "Payload",
    answer: {
      status: "StatusCode",
      headers: {
        "x-amz-function-error": "FunctionError",
        "x-amz-executed-version": "ExecutedVersion",
      },
      payload: "Payload",
    },
  },
  ListFunctions: {
    method: "GET",
    path: functions,
    query: { Marker: "Marker", MaxItems: "MaxItems" },
  },
  GetFunction: {
    method: "GET",
    path: `${functions}/{FunctionName}`,
    query: { Qualifier: "Qualifier" },
  },
  GetFunctionConfiguration: {
    method: "GET",
    path: `${functions}/{FunctionName}/configuration`,
    query: { Qualifier: "Qualifier" },
  },
};

/** Lambda's API, in front of the functions of every account. A function of another account needs a resource policy, which none has. */
export const createLambdaService = (deps: { lambda: Lambda }): Service => {
  const { lambda } = deps;

  const reachable = (call: Call, reference: string): FunctionSpec => {
    const arn = resolveArn(call, reference);
    if (accountOf(arn) !== call.caller.accountId)
      throw accessDenied(service, call, arn, `lambda:${actions[call.operation] ?? call.operation}`);
    const spec = lambda.functions.find((candidate) => candidate.arn === arn);
    if (spec !== undefined) return spec;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${arn}`, 404, {
      Type: "User",
    });
  };

  const invoke = async (call: Call): Promise<unknown> => {
    const { FunctionName, InvocationType, Payload } = validate(Invocation, call.input);
    const spec = reachable(call, FunctionName);
    const limit = largestPayload[InvocationType];
    if (Payload.length > limit)
      throw new AwsError(
        "RequestTooLargeException",
        `${Payload.length} byte payload is too large for the ${InvocationType} invocation type (limit ${limit} bytes)`,
        413,
        { Type: "User" },
      );
    const event = parsePayload(Payload);
    switch (InvocationType) {
      case "DryRun":
        return { StatusCode: 204 };
      case "Event":
        lambda.enqueue(spec.arn, event);
        return { StatusCode: 202 };
      case "RequestResponse": {
        const { payload, functionError } = await lambda.invoke(spec.arn, event);
        return {
          StatusCode: 200,
          FunctionError: functionError,
          ExecutedVersion: "$LATEST",
          Payload: JSON.stringify(payload),
        };
      }
      default:
        return InvocationType satisfies never;
    }
  };

  const listFunctions = (call: Call): unknown => {
    const { Marker, MaxItems } = validate(Page, call.input);
    const own = lambda.functions.filter(({ arn }) => accountOf(arn) === call.caller.accountId);
    const { items, nextToken } = paginate(own, (spec) => spec.name, {
      list: "functions",
      token: Marker,
      size: Math.min(MaxItems, largestPage),
      invalidToken: "InvalidParameterValueException",
    });
    return { Functions: items.map(describe), NextMarker: nextToken };
  };

  const named = (call: Call): string[] =>
    typeof call.input.FunctionName === "string" ? [resolveArn(call, call.input.FunctionName)] : [];

  const configurationOf = (call: Call) =>
    describe(reachable(call, validate(Named, call.input).FunctionName));

  const service: Service = {
    signingName: "lambda",
    routes,
    operations: {
      Invoke: invoke,
      ListFunctions: listFunctions,
      GetFunction: (call) => ({ Configuration: configurationOf(call) }),
      GetFunctionConfiguration: configurationOf,
    },
    resources: { Invoke: named, GetFunction: named, GetFunctionConfiguration: named },
  };
  return service;
};

/** Where IAM's action is not called as the operation is. */
const actions: Readonly<Record<string, string>> = { Invoke: "InvokeFunction" };
