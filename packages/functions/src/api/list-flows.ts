import { listFlows } from "@curfew/core";
import { config } from "../config.ts";
import { directory } from "../directory.ts";
import { apiHandler } from "../http/api-handler.ts";

/** `GET /flows` */
export const handler = apiHandler(async (_, caller) => ({
  status: 200,
  body: { flows: await listFlows({ directory: directory() }, config, caller) },
}));
