import { CurfewError } from "@curfew/core";
import { publicHandler } from "../http/api-handler.ts";

/** `$default`: whatever no route takes, a known path with another method included. The answer is the same for all, and repeats nothing of the call. */
export const handler = publicHandler(() => {
  throw new CurfewError(
    "route.not-found",
    "There is no such path, or it does not take this method. GET /openapi.json lists what there is.",
  );
});
