import { EventBridge } from "@aws-sdk/client-eventbridge";
import { expect } from "vitest";
import { deployment } from "../testing/endpoint.ts";
import type { Contract } from "./contract.ts";
import { functionArn, type World } from "./world.ts";

const as = (config: World["hub"]) => new EventBridge(config);
const Name = deployment.rules[0]?.name ?? "";
const absent = { Name: "absent" };

export const events: Contract = {
  DescribeRule: {
    answers: async ({ hub }) => {
      const rule = await as(hub).describeRule({ Name });
      expect(rule).toMatchObject({ Name, State: "ENABLED", EventBusName: "default" });
    },
    refuses: {
      ResourceNotFoundException: ({ hub }) => as(hub).describeRule(absent),
      ValidationException: ({ hub }) => as(hub).describeRule({ Name: "" }),
    },
  },
  DisableRule: {
    answers: async ({ hub }) => {
      await as(hub).disableRule({ Name });
      expect((await as(hub).describeRule({ Name })).State).toBe("DISABLED");
    },
    refuses: { ResourceNotFoundException: ({ hub }) => as(hub).disableRule(absent) },
  },
  EnableRule: {
    answers: async ({ hub }) => {
      await as(hub).enableRule({ Name });
      expect((await as(hub).describeRule({ Name })).State).toBe("ENABLED");
    },
    refuses: {
      ResourceNotFoundException: ({ management }) => as(management).enableRule({ Name }),
    },
  },
  ListRules: {
    answers: async ({ hub }) => {
      const first = await as(hub).listRules({ Limit: 1 });
      const second = await as(hub).listRules({ Limit: 1, NextToken: first.NextToken });
      const names = [first, second].flatMap(({ Rules }) => Rules?.map((rule) => rule.Name));
      expect(names).toEqual([
        "curfew-sandbox-execution-ended",
        "curfew-sandbox-reconcile-requests",
      ]);
      expect(second.NextToken).toBeUndefined();
    },
    refuses: {
      ValidationException: ({ hub }) => as(hub).listRules({ NextToken: "none of ours" }),
    },
  },
  ListTargetsByRule: {
    answers: async ({ hub }) => {
      const { Targets } = await as(hub).listTargetsByRule({ Rule: Name });
      expect(Targets?.map(({ Arn }) => Arn)).toEqual([functionArn("recover")]);
    },
    refuses: {
      ResourceNotFoundException: ({ hub }) => as(hub).listTargetsByRule({ Rule: "absent" }),
    },
  },
};
