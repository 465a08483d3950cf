import { ExtensionBody, extendRequest, viewOf } from "@curfew/core";
import { config } from "../config.ts";
import { clock, intake, log, promptWorkflow, publisher, requests, schedules } from "../deps.ts";
import { directory } from "../directory.ts";
import { bodyOf } from "../http/body.ts";
import { requestHandler } from "../http/request-handler.ts";

/** `POST /requests/{id}/extend` */
export const handler = requestHandler(async (event, caller) => {
  const body = bodyOf(event, ExtensionBody);
  const deps = {
    clock,
    log,
    requests: requests(),
    intake: intake(),
    directory: directory(),
    schedules: schedules(),
    workflow: promptWorkflow(),
    publisher: publisher(),
  };
  const id = event.pathParameters?.id ?? "";
  return {
    status: 200,
    body: viewOf(await extendRequest(deps, config, caller, id, body), clock.now()),
  };
});
