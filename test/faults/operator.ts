import { setTimeout } from "node:timers/promises";
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
} from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { administrator } from "../support/acme.ts";
import { hub, prefix, stateMachineArn } from "./hub.ts";
import type { Observer } from "./observer.ts";

/** Does what an operator of the hub may do by hand. */
export const createOperator = (awsUrl: string, observer: Observer) => {
  const as = administrator(awsUrl, hub);
  const events = new EventBridgeClient(as);
  const lambda = new LambdaClient({ ...as, maxAttempts: 1 });
  const states = new SFNClient(as);

  const runOnce = async (name: string): Promise<boolean> => {
    const command = new InvokeCommand({ FunctionName: `${prefix}${name}`, Payload: "{}" });
    return (await lambda.send(command)).FunctionError === undefined;
  };

  const wait = async (minutes: number): Promise<void> => {
    const until = Date.parse(await observer.now()) + minutes * 60_000;
    while (Date.parse(await observer.now()) < until) await setTimeout(100);
  };

  return {
    /** Runs functions that events invoke, one after the other. Retries one that fails once, as Lambda's queue does. */
    run: async (...functions: readonly string[]): Promise<void> => {
      for (const name of functions)
        if (!(await runOnce(name)) && !(await runOnce(name)))
          throw new Error(`${name} failed twice.`);
    },

    stopExecution: async (id: string): Promise<void> => {
      const executionArn = `${stateMachineArn.replace("stateMachine", "execution")}:${id}.0`;
      await states.send(new StopExecutionCommand({ executionArn }));
    },

    /** Waits for so many minutes of the sandbox's time. */
    wait,

    /** Does the work while rules are disabled, after the end of the invocations that they started before. */
    without: async <T>(rules: readonly string[], work: () => Promise<T>): Promise<T> => {
      const names = rules.map((rule) => `${prefix}${rule}`);
      try {
        for (const Name of names) await events.send(new DisableRuleCommand({ Name }));
        // The sandbox skips time only when no invocation is running.
        await wait(1);
        return await work();
      } finally {
        for (const Name of names) await events.send(new EnableRuleCommand({ Name }));
      }
    },
  };
};
export type Operator = ReturnType<typeof createOperator>;
