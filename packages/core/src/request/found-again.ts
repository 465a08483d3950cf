import { timestamp } from "../time.ts";
import { type Change, record } from "./change.ts";
import { curfew } from "./person.ts";

/** What is remarked about access that came back by no doing of ours. */
export const foundAgain = "it was found again after it had been verified gone";

/** Reports, once, that access of an ended request was found again. The request itself stays as it is. */
export const reportFoundAgain =
  (now: number): Change =>
  (request) => {
    const isReported = request.history.some(
      ({ event, message }) => event === "access.stuck" && message === foundAgain,
    );
    return isReported
      ? undefined
      : record(request, {
          event: "access.stuck",
          at: timestamp(now),
          actor: curfew,
          message: foundAgain,
        });
  };
