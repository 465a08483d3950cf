import { milliseconds, timestamp } from "../time.ts";
import { type Change, move } from "./change.ts";
import { type Actor, curfew } from "./person.ts";
import type { Approval } from "./request.ts";

/** Approval was not given in time. */
export const lapse =
  (now: number): Change =>
  (request) => {
    if (request.status !== "pending_approval" || request.lapsesAt === undefined) return undefined;
    if (milliseconds(request.lapsesAt) > now) return undefined;
    return move(request, "lapsed", {
      event: "request.lapsed",
      at: timestamp(now),
      actor: curfew,
    });
  };

/** Somebody decides on the request, in time and before anybody else. */
export const decide =
  (approval: Approval): Change =>
  (request) => {
    if (request.status !== "pending_approval") return undefined;
    const { decision, by: actor, at, message } = approval;
    if (request.lapsesAt !== undefined && milliseconds(request.lapsesAt) <= milliseconds(at))
      return undefined;
    const decided = { ...request, approvals: [...request.approvals, approval] };
    const remark = message === undefined ? {} : { message };
    return move(decided, decision, { event: `request.${decision}`, at, actor, ...remark });
  };

/** The request is taken back before anybody has decided on it. */
export const cancel =
  (actor: Actor, now: number, message?: string): Change =>
  (request) => {
    if (request.status !== "pending_approval") return undefined;
    const remark = message === undefined ? {} : { message };
    return move(request, "cancelled", {
      event: "request.cancelled",
      at: timestamp(now),
      actor,
      ...remark,
    });
  };
