import { timestamp } from "../time.ts";
import { type Change, record } from "./change.ts";
import { curfew } from "./person.ts";

/** What is remarked about access that came back by no doing of ours. */
export const foundAgain = "it was found again after it had been verified gone";

/** The remark on access that came back because a call of Curfew's own took effect late. */
export const foundLate = "a creation of Curfew's own took effect after the access had ended";

/**
 * Reports, once, that access of an ended request was found again. The request itself stays as it is.
 *
 * @param isLate whether an unanswered creation of ours took effect late
 */
export const reportFoundAgain =
  (now: number, isLate: boolean): Change =>
  (request) => {
    const message = isLate ? foundLate : foundAgain;
    const isReported = request.history.some(
      (entry) => entry.event === "access.stuck" && entry.message === message,
    );
    return isReported
      ? undefined
      : record(request, { event: "access.stuck", at: timestamp(now), actor: curfew, message });
  };
