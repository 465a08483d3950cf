/** Milliseconds in words: `3 min 20 s`. */
export const minutes = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** What is likely to be left of a run of which so many points were played in so many milliseconds, in words. */
export const timeLeft = (played: number, all: number, elapsed: number): string =>
  minutes(((all - played) * elapsed) / played);

/** How many sandboxes to run at once: they mostly wait, so more than there are cores, and each takes up to a gigabyte. */
export const lanesFor = (cores: number, freeBytes: number): number =>
  Math.max(1, Math.min(cores * 5, Math.floor(freeBytes / 1e9)));
