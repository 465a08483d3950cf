import { readRequestAs, viewOf } from "@curfew/core";
import { config } from "../config.ts";
import { clock, requests } from "../deps.ts";
import { directory } from "../directory.ts";
import { requestHandler } from "../http/request-handler.ts";

/** `GET /requests/{id}` */
export const handler = requestHandler(async (event, caller) => {
  const deps = { requests: requests(), directory: directory() };
  const { request } = await readRequestAs(deps, config, caller, event.pathParameters?.id ?? "");
  return { status: 200, body: viewOf(request, clock.now()) };
});
