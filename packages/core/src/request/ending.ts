import * as z from "zod/mini";

/**
 * How a request's access came to its end. `removed`: Curfew took it away and the service confirms that
 * it is gone. `handed-over`: the customer's function was called to take it away. `gone`: nothing of
 * Curfew's was left to take away. `standing`: Curfew did not give it. `shared`: another request holds
 * it. `never-granted`: nothing had been granted.
 */
export const Fate = z.enum([
  "removed",
  "handed-over",
  "gone",
  "standing",
  "shared",
  "never-granted",
]);
export type Fate = z.infer<typeof Fate>;

/** The remark on a grant of access that the person has already, and not from Curfew. */
export const hadBefore = "the person has the access already, and not from Curfew";

/** What is remarked at the end of a request that came to nothing. */
export const nothingGranted = "nothing had been granted";

/** What the history remarks on an ending, where there is something to remark. */
export const remarks: Partial<Record<Fate, string>> = {
  "handed-over": "the function was called to take the access away",
  gone: "nothing was left to take away",
  standing: "nothing was taken away: Curfew had not given the access",
  shared: "nothing was taken away: another request holds the same access",
  "never-granted": nothingGranted,
};

/** Whether the access was given by Curfew, or may have been, and is gone. */
export const isGone = (fate: Fate | undefined): boolean =>
  fate === undefined || fate === "removed" || fate === "gone";

/** The sentence on what became of the access when the request ended, and when it failed. */
interface Ending {
  ended: string;
  failed: string;
}

/** One ending for each fate, of `what` that `who` had asked for. */
export const endingsOf = (what: string, who: string): Record<Fate, Ending> => {
  const over = `The request of ${who} for ${what} has ended.`;
  const failed = `The request of ${who} for ${what} failed.`;
  const both = (sentence: string): Ending => ({
    ended: `${over} ${sentence}`,
    failed: `${failed} ${sentence}`,
  });
  return {
    removed: {
      ended: `${what} of ${who} has ended: the access is gone.`,
      failed: `${failed} Any access that it gave is gone.`,
    },
    "handed-over": both("The function behind it was called to take the access away."),
    gone: both("Nothing that it gave was left to take away."),
    standing: both("Nothing was taken away: Curfew had not given the access."),
    shared: both("Nothing was taken away: another request holds the same access."),
    "never-granted": both("Nothing had been granted."),
  };
};
