import { createRequest, RequestBody, tryRequest, viewOf } from "@curfew/core";
import { config } from "../config.ts";
import {
  clock,
  hash,
  idempotency,
  ids,
  intake,
  log,
  promptWorkflow,
  publisher,
  requests,
} from "../deps.ts";
import { directory } from "../directory.ts";
import { apiHandler } from "../http/api-handler.ts";
import { bodyOf } from "../http/body.ts";
import { idempotencyKeyOf } from "../http/idempotency-key.ts";
import { CreateQuery, queryOf } from "../http/query.ts";

/** `POST /requests` */
export const handler = apiHandler(async (event, person) => {
  const deps = {
    clock,
    ids,
    hash,
    log,
    requests: requests(),
    idempotency: idempotency(),
    intake: intake(),
    directory: directory(),
    workflow: promptWorkflow(),
    publisher: publisher(),
  };
  const key = idempotencyKeyOf(event);
  const { dryRun } = queryOf(event, CreateQuery);
  const input = {
    person,
    body: bodyOf(event, RequestBody),
    ...(key === undefined ? {} : { idempotencyKey: key }),
  };
  if (dryRun === "true") return { status: 200, body: await tryRequest(deps, config, input) };

  const request = await createRequest(deps, config, input);
  return {
    status: 202,
    headers: { location: `/requests/${request.id}` },
    body: viewOf(request, clock.now()),
  };
});
