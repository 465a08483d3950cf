import { listRequests, summaryOf } from "@curfew/core";
import { config } from "../config.ts";
import { clock, requests } from "../deps.ts";
import { directory } from "../directory.ts";
import { apiHandler } from "../http/api-handler.ts";
import { cursorAt, ListQuery, queryOf } from "../http/query.ts";

/** `GET /requests` */
export const handler = apiHandler(async (event, caller) => {
  const { cursor, ...query } = queryOf(event, ListQuery);
  const deps = { requests: requests(), directory: directory() };
  const page = await listRequests(deps, config, caller, { ...query, before: cursor });
  return {
    status: 200,
    body: {
      requests: page.requests.map((request) => summaryOf(request, clock.now())),
      cursor: page.before === undefined ? null : cursorAt(page.before),
    },
  };
});
