import { denyRequest } from "@curfew/core";
import { requestAction } from "../http/request-action.ts";

/** `POST /requests/{id}/deny` */
export const handler = requestAction(denyRequest);
