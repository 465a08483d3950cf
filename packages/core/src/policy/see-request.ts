import type { Standing } from "./standing.ts";

/** Whether a person may see the request: to everybody else it does not exist. */
export const maySee = ({ requester, approver, admin, auditor }: Standing): boolean =>
  requester || approver || admin || auditor;
