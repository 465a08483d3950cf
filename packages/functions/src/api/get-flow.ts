import { readFlow } from "@curfew/core";
import { config } from "../config.ts";
import { directory } from "../directory.ts";
import { apiHandler } from "../http/api-handler.ts";

/** `GET /flows/{flow}` */
export const handler = apiHandler(async (event, caller) => ({
  status: 200,
  body: await readFlow(
    { directory: directory() },
    config,
    caller,
    event.pathParameters?.flow ?? "",
  ),
}));
