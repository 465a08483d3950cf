import { Lambda, paginateListFunctions } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import { hub as account } from "../testing/endpoint.ts";
import type { Contract, PagedList } from "./contract.ts";
import { functionArn, type World } from "./world.ts";

const as = (config: World["hub"]) => new Lambda(config);
const expire = { FunctionName: "curfew-sandbox-expire" };
const absent = { FunctionName: "absent" };

export const lambda: Contract = {
  Invoke: {
    answers: async ({ hub }) => {
      const answer = await as(hub).invoke({ ...expire, Payload: '{"a":1}' });
      expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
      expect(JSON.parse(answer.Payload?.transformToString() ?? "")).toEqual({ payload: { a: 1 } });
    },
    refuses: {
      ResourceNotFoundException: ({ hub }) => as(hub).invoke(absent),
      InvalidRequestContentException: ({ hub }) => as(hub).invoke({ ...expire, Payload: "{" }),
      AccessDeniedException: ({ management }) =>
        as(management).invoke({ FunctionName: functionArn("expire") }),
    },
  },
  GetFunction: {
    answers: async ({ hub }) => {
      const { Configuration } = await as(hub).getFunction(expire);
      expect(Configuration).toMatchObject({ ...expire, State: "Active", Timeout: 10 });
    },
    refuses: {
      ResourceNotFoundException: ({ hub }) => as(hub).getFunction(absent),
      ValidationException: ({ hub }) => as(hub).getFunction({ FunctionName: "no name" }),
    },
  },
  GetFunctionConfiguration: {
    answers: async ({ hub }) => {
      const found = await as(hub).getFunctionConfiguration({
        FunctionName: `${account}:function:curfew-sandbox-expire`,
      });
      expect(found).toMatchObject({ FunctionArn: functionArn("expire"), Version: "$LATEST" });
    },
    refuses: {
      ResourceNotFoundException: ({ hub }) => as(hub).getFunctionConfiguration(absent),
    },
  },
  ListFunctions: {
    answers: async ({ hub }) => {
      const { Functions } = await as(hub).listFunctions({});
      expect(Functions?.map(({ FunctionName }) => FunctionName)).toEqual([
        "curfew-sandbox-expire",
        "curfew-sandbox-recover",
      ]);
    },
    refuses: {
      InvalidParameterValueException: ({ hub }) => as(hub).listFunctions({ Marker: "no marker" }),
    },
  },
};

export const lambdaLists: readonly PagedList[] = [
  {
    operation: "ListFunctions",
    pages: ({ hub }, pageSize) => paginateListFunctions({ client: as(hub), pageSize }, {}),
    member: "Functions",
  },
];
