import { revokeRequest } from "@curfew/core";
import { requestAction } from "../http/request-action.ts";

/** `POST /requests/{id}/revoke` */
export const handler = requestAction(revokeRequest);
