import { deescalate } from "@curfew/core";
import { DeescalateInput } from "@curfew/workflow";
import * as z from "zod";
import { clock, ids, leases, log, publisher, requests, strategy } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

type WorkflowFailure = NonNullable<DeescalateInput["input"]["error"]>;

/** State "Deescalate". */
export const handler = taskHandler(DeescalateInput, ({ input }, invocation) => {
  const deps = {
    clock,
    ids,
    log,
    strategy,
    requests: requests(),
    leases: leases(),
    publisher: publisher(),
  };
  const error = input.error && describe(input.error);
  return deescalate(deps, input.request, invocation, error);
});

/** What Step Functions says about a failed function: its error as JSON, in a text. */
const Cause = z.object({ errorMessage: z.string() });

const describe = ({ Error: name, Cause: cause = "" }: WorkflowFailure): string => {
  const parsed = Cause.safeParse(jsonOr(cause));
  const message = parsed.success ? parsed.data.errorMessage : cause;
  return message === "" ? name : `${name}: ${message}`;
};

const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
