import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import {
  clock,
  createDocuments,
  createPublisher,
  createWorkflow,
  openTable,
  openTopics,
} from "@curfew/aws";
import { intakeKind, type Log, leaseKind, requestKind } from "@curfew/core";
import { namesOf } from "../../stacks/names.ts";
import type { StageOptions } from "./stage-options.ts";

/** The sandbox's administrator of the hub, as its endpoint knows it. */
const sandboxAdministrator = {
  AWS_ACCESS_KEY_ID: "sandbox-666666666666",
  AWS_SECRET_ACCESS_KEY: "any",
  AWS_REGION: "us-east-1",
};

/** What a stage's names lead to: with the sandbox's credentials or, for any other stage, those of the environment. */
export const openStage = async ({ stage, endpoint }: StageOptions, log: Log) => {
  if (endpoint !== undefined)
    Object.assign(process.env, sandboxAdministrator, { AWS_ENDPOINT_URL: endpoint });
  const sts = new STSClient();
  const region = await sts.config.region();
  const { Account: account, Arn: arn = "" } = await sts.send(new GetCallerIdentityCommand());
  if (account === undefined) throw new Error("AWS does not say whose credentials these are.");
  const partition = arn.split(":")[1] ?? "aws";
  const names = namesOf(stage);
  const arnOf = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const table = openTable(names.table);
  return {
    clock,
    log,
    requests: createDocuments(table, requestKind),
    leases: createDocuments(table, leaseKind),
    intake: createDocuments(table, intakeKind),
    workflow: createWorkflow(arnOf("states", `stateMachine:${names.stateMachine}`)),
    publisher: createPublisher(
      openTopics({
        results: arnOf("sns", names.results),
        errors: arnOf("sns", names.errors),
      }),
    ),
  };
};
