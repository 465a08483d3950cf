import type { Lambda } from "../../lambda/lambda.ts";
import { aSpec } from "../../lambda/testing/specs.ts";
import { aDefinition, aTokenWait } from "../../states/testing/bench.ts";
import { openStore } from "../../store.ts";
import { createFakeLambda, type FakeLambda, hang } from "../../testing/fake-lambda.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createLambdaService } from "../services/lambda.ts";
import { createScheduler } from "../services/scheduler.ts";
import { createStates } from "../services/states.ts";
import { deployment, hub, startEndpoint, type TestEndpoint } from "../testing/endpoint.ts";

type ClientConfig = ReturnType<TestEndpoint["as"]>;

/** An endpoint that listens, with every service the sandbox has, and the keys to it. */
export interface World extends TestEndpoint {
  management: ClientConfig;
  hub: ClientConfig;
  /** With a key that nobody has. */
  nobody: ClientConfig;
  /** What the state machine called: its wait gets a token. */
  workflow: FakeLambda;
}

export const machineArn = `arn:aws:states:us-east-1:${hub}:stateMachine:curfew-sandbox`;
export const group = "curfew-sandbox";
export const functionArn = (name: string): string =>
  `arn:aws:lambda:us-east-1:${hub}:function:curfew-sandbox-${name}`;

/** Starts it, on a clock that stands still. */
export const startWorld = async (): Promise<World> => {
  const clock = createManualClock();
  const store = openStore(":memory:");
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const workflow = createFakeLambda({ "curfew-sandbox-wait": hang });
  const functions = ["expire", "recover"].map((name) =>
    aSpec(`curfew-sandbox-${name}`, { arn: functionArn(name) }),
  );
  const lambda: Lambda = {
    ...createFakeLambda({ "curfew-sandbox-expire": (payload) => ({ payload }) }),
    functions,
    resume: () => {},
  };
  const definition = aDefinition({ A: aTokenWait("curfew-sandbox-wait", { TimeoutSeconds: 60 }) });
  const roleArn = `arn:aws:iam::${hub}:role/curfew/curfew-sandbox-workflow`;
  const machines = ["curfew-sandbox", "another"].map((name) => ({
    name,
    arn: machineArn.replace(/[^:]*$/, name),
    roleArn,
    definition,
  }));
  const groupArn = `arn:aws:scheduler:us-east-1:${hub}:schedule-group/${group}`;
  const endpoint = await startEndpoint({
    clock,
    services: [
      createStates({ store, clock, lambda: workflow, events: { publish: () => {} }, machines }),
      createScheduler({
        store,
        clock,
        log,
        lambda,
        sqs: { has: (arn) => deployment.queues.some((queue) => queue.arn === arn), send: () => {} },
        groups: [{ name: group, arn: groupArn }],
      }),
      createLambdaService({ lambda }),
    ],
  });
  return {
    ...endpoint,
    management: endpoint.as("sandbox"),
    hub: endpoint.as(`sandbox-${hub}`),
    nobody: endpoint.as("AKIANOBODY"),
    workflow,
  };
};
