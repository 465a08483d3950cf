import { deescalate, type Strategy } from "@curfew/core";
import { DeescalateInput } from "@curfew/workflow";
import * as z from "zod/mini";
import { clock, ids, leases, log, metrics, publisher, requests } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";
import { only } from "./only.ts";

type WorkflowFailure = NonNullable<DeescalateInput["input"]["error"]>;

/** The handler of state "Deescalate" for the requests of one strategy. */
export const deescalateStep = (strategy: () => Strategy) =>
  taskHandler(DeescalateInput, ({ input, execution }, invocation) => {
    const deps = {
      clock,
      ids,
      log,
      metrics,
      strategy: only(strategy()),
      requests: requests(),
      leases: leases(),
      publisher: publisher(),
    };
    const cause = input.error && causeOf(input.error);
    return deescalate(deps, input.request, invocation, cause, execution);
  });

/** What Step Functions says about a failed function: its error as JSON, in a text. */
const Cause = z.object({ errorMessage: z.string() });

const causeOf = ({
  Error: name,
  Cause: cause = "",
}: WorkflowFailure): Pick<Error, "name" | "message"> => {
  const parsed = Cause.safeParse(jsonOr(cause));
  return { name, message: parsed.success ? parsed.data.errorMessage : cause };
};

const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
