import { type Config, type Person, type Ports, type Request, viewOf } from "@curfew/core";
import { config } from "../config.ts";
import { clock, log, promptWorkflow, publisher, requests } from "../deps.ts";
import { directory } from "../directory.ts";
import { ActionBody } from "./action-body.ts";
import { bodyOf } from "./body.ts";
import { requestHandler } from "./request-handler.ts";

/** What a person does to a request. */
type Action = (
  deps: Pick<Ports, "clock" | "requests" | "directory" | "workflow" | "publisher" | "log">,
  config: Config,
  person: Person,
  id: string,
  message?: string,
) => Promise<Request>;

/** A handler for `POST /requests/{id}/<action>`: takes `{ message? }`, or no body, and answers the request. */
export const requestAction = (act: Action) =>
  requestHandler(async (event, caller) => {
    const { message } = bodyOf(event, ActionBody, {});
    const deps = {
      clock,
      log,
      requests: requests(),
      directory: directory(),
      workflow: promptWorkflow(),
      publisher: publisher(),
    };
    const id = event.pathParameters?.id ?? "";
    return { status: 200, body: viewOf(await act(deps, config, caller, id, message), clock.now()) };
  });
