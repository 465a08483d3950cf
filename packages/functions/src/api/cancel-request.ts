import { cancelRequest } from "@curfew/core";
import { requestAction } from "../http/request-action.ts";

/** `POST /requests/{id}/cancel` */
export const handler = requestAction(cancelRequest);
