import { approveRequest } from "@curfew/core";
import { requestAction } from "../http/request-action.ts";

/** `POST /requests/{id}/approve` */
export const handler = requestAction(approveRequest);
