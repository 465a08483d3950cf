/**
 * What AWS would answer after creating a resource: ids, ARNs and addresses, as real-looking as the
 * sandbox and the policies need them, and the same in every run.
 */
import { createHash } from "node:crypto";
import * as z from "zod";
import { hub, hubArn } from "./hub.ts";
import { renderPolicyDocument } from "./policy-document.ts";

/** The part of Pulumi's `MockResourceArgs` that is read here. */
export interface NewResource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** The id and the outputs beside the inputs. */
interface Created {
  id: string;
  outputs?: Record<string, unknown>;
}

/** API Gateway's ids are ten letters and digits. */
const generatedId = ({ type, name }: NewResource): string =>
  BigInt(`0x${createHash("sha256").update(`${type} ${name}`).digest("hex")}`)
    .toString(36)
    .slice(0, 10);

const Named = z.looseObject({ name: z.string() });
const nameOf = (resource: NewResource): string => Named.parse(resource.inputs).name;

const byName =
  (arn: (name: string) => string) =>
  (resource: NewResource): Created => ({
    id: nameOf(resource),
    outputs: { arn: arn(nameOf(resource)) },
  });

const creations: Record<string, (resource: NewResource) => Created> = {
  "aws:apigatewayv2/api:Api": (resource) => {
    const id = generatedId(resource);
    return {
      id,
      outputs: {
        arn: `arn:aws:apigateway:${hub.region}::/apis/${id}`,
        apiEndpoint: `https://${id}.execute-api.${hub.region}.amazonaws.com`,
        executionArn: hubArn("execute-api", id),
      },
    };
  },
  "aws:cloudwatch/eventRule:EventRule": byName((name) => hubArn("events", `rule/${name}`)),
  "aws:cloudwatch/logGroup:LogGroup": byName((name) => hubArn("logs", `log-group:${name}`)),
  "aws:cloudwatch/metricAlarm:MetricAlarm": byName((name) => hubArn("cloudwatch", `alarm:${name}`)),
  "aws:dynamodb/table:Table": byName((name) => hubArn("dynamodb", `table/${name}`)),
  "aws:iam/role:Role": (resource) => {
    const { name, path = "/" } = Named.extend({ path: z.string().optional() }).parse(
      resource.inputs,
    );
    return { id: name, outputs: { arn: `arn:aws:iam::${hub.accountId}:role${path}${name}` } };
  },
  "aws:lambda/function:Function": (resource) => {
    const name = nameOf(resource);
    const arn = hubArn("lambda", `function:${name}`);
    const path = `2015-03-31/functions/${arn}/invocations`;
    return {
      id: name,
      outputs: {
        arn,
        qualifiedArn: `${arn}:$LATEST`,
        invokeArn: `arn:aws:apigateway:${hub.region}:lambda:path/${path}`,
        version: "$LATEST",
      },
    };
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": byName((name) =>
    hubArn("scheduler", `schedule-group/${name}`),
  ),
  "aws:sfn/stateMachine:StateMachine": (resource) => {
    const arn = hubArn("states", `stateMachine:${nameOf(resource)}`);
    return { id: arn, outputs: { arn } };
  },
  "aws:sns/topic:Topic": (resource) => {
    const arn = hubArn("sns", nameOf(resource));
    return { id: arn, outputs: { arn } };
  },
  "aws:sqs/queue:Queue": (resource) => {
    const name = nameOf(resource);
    const url = `https://sqs.${hub.region}.amazonaws.com/${hub.accountId}/${name}`;
    return { id: url, outputs: { arn: hubArn("sqs", name), url } };
  },
  // The key of SST's encrypted links file: a secret in real deployments, of no use here.
  "random:index/randomBytes:RandomBytes": (resource) => ({
    id: generatedId(resource),
    outputs: { base64: Buffer.from("not a secret").toString("base64") },
  }),
};

/** Types that nothing asks more of than an id. */
const withoutOutputs = new Set([
  "aws:apigatewayv2/authorizer:Authorizer",
  "aws:apigatewayv2/integration:Integration",
  "aws:apigatewayv2/route:Route",
  "aws:apigatewayv2/stage:Stage",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:lambda/permission:Permission",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:sqs/queuePolicy:QueuePolicy",
]);

/**
 * Creates a resource.
 *
 * @throws Error for a type that is not known here, rather than leaving its outputs undefined.
 */
export const createResource = (resource: NewResource): Created => {
  const create = creations[resource.type];
  if (create) return create(resource);
  const isComponent = /^(sst|pulumi):/.test(resource.type);
  if (isComponent || withoutOutputs.has(resource.type)) return { id: generatedId(resource) };
  throw new Error(`scripts/synth/mocks.ts does not know what creating a ${resource.type} answers`);
};

const calls: Record<string, (inputs: unknown) => Record<string, unknown>> = {
  "aws:iam/getPolicyDocument:getPolicyDocument": renderPolicyDocument,
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: hub.accountId }),
  "aws:index/getPartition:getPartition": () => ({ partition: hub.partition }),
  "aws:index/getRegion:getRegion": () => ({ region: hub.region, name: hub.region }),
};

/**
 * Answers a data source.
 *
 * @throws Error for one that is not known here.
 */
export const answerCall = (token: string, inputs: unknown): Record<string, unknown> => {
  const answer = calls[token];
  if (!answer) throw new Error(`scripts/synth/mocks.ts does not know what ${token} answers`);
  return answer(inputs);
};
