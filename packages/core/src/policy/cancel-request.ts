import { allowed, type Decision, refused } from "./decision.ts";
import type { Standing } from "./standing.ts";

/** Whether a person may cancel the request while nothing has been given. */
export const mayCancel = ({ requester, admin }: Standing): Decision =>
  requester || admin
    ? allowed
    : refused("request.not-allowed", "Only the requester and admins cancel a request.");
