import { revokeRequest, viewOf } from "@curfew/core";
import * as z from "zod";
import { config } from "../config.ts";
import { clock, directory, log, publisher, requests, workflow } from "../deps.ts";
import { apiHandler } from "../http/api-handler.ts";
import { bodyOf } from "../http/body.ts";

const Body = z.strictObject({ message: z.string().trim().max(2_000).optional() });

/** `POST /requests/{id}/revoke` */
export const handler = apiHandler(async (event, caller) => {
  const { message } = bodyOf(event, Body, {});
  const deps = {
    clock,
    log,
    requests: requests(),
    directory: directory(),
    workflow: workflow(),
    publisher: publisher(),
  };
  const id = event.pathParameters?.id ?? "";
  return { status: 200, body: viewOf(await revokeRequest(deps, config, caller, id, message)) };
});
