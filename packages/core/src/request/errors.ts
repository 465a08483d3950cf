/**
 * Bytes, as JSON, of all errors that one answer, one request or one event holds. A request stores
 * them with its outputs, in `errors` and with two events, and all of it has to fit into one item of
 * 400 KB, or the end of the request could not be written: two outputs of 64 KiB and three lists of
 * this size leave 120 KB for everything else.
 */
const largestErrors = 52_000;

/** Characters of one error of a request: the cause that Step Functions passes on may have 32,768. */
const longestError = 5_000;

const bytesOf = (error: string): number => new TextEncoder().encode(JSON.stringify(error)).length;

/** The first errors, as many as fit. @param room bytes */
export const fittingErrors = (errors: readonly string[], room = largestErrors): string[] => {
  let left = room;
  return errors.filter((error) => {
    left -= bytesOf(error);
    return left >= 0;
  });
};

/**
 * The stored errors, followed by the added ones that are new: a repeated attempt adds nothing. Where
 * not all of them fit, the new ones come first: the stored ones were published already.
 */
export const withErrors = (stored: readonly string[], added: readonly string[]): string[] => {
  const cut = new Set(added.map((error) => error.slice(0, longestError).toWellFormed()));
  const fitting = fittingErrors([...cut].filter((error) => !stored.includes(error)));
  const taken = fitting.reduce((sum, error) => sum + bytesOf(error), 0);
  return [...fittingErrors(stored, largestErrors - taken), ...fitting];
};
