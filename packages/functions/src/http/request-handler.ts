import { requesterNamed } from "@curfew/core";
import { requests } from "../deps.ts";
import { apiHandler } from "./api-handler.ts";

/** A handler for a route of one request, whose requester it also serves while the directory is down. */
export const requestHandler = (answer: Parameters<typeof apiHandler>[0]) =>
  apiHandler(answer, (event, email) =>
    requesterNamed({ requests: requests() }, event.pathParameters?.id, email),
  );
