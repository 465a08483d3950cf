import { createRequest, RequestBody, viewOf } from "@curfew/core";
import { config } from "../config.ts";
import {
  clock,
  directory,
  hash,
  idempotency,
  ids,
  log,
  publisher,
  requests,
  workflow,
} from "../deps.ts";
import { apiHandler } from "../http/api-handler.ts";
import { bodyOf } from "../http/body.ts";
import { idempotencyKeyOf } from "../http/idempotency-key.ts";

/** `POST /requests` */
export const handler = apiHandler(async (event, person) => {
  const deps = {
    clock,
    ids,
    hash,
    log,
    requests: requests(),
    idempotency: idempotency(),
    directory: directory(),
    workflow: workflow(),
    publisher: publisher(),
  };
  const key = idempotencyKeyOf(event);
  const request = await createRequest(deps, config, {
    person,
    body: bodyOf(event, RequestBody),
    ...(key === undefined ? {} : { idempotencyKey: key }),
  });
  return {
    status: 202,
    headers: { location: `/requests/${request.id}` },
    body: viewOf(request),
  };
});
