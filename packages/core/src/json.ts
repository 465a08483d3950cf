/** JSON with the keys in order: the same value written differently is the same text. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(byKey)) : part,
  );

/** How deep JSON from outside may be nested: what reads and writes it calls itself for each level, and must not run out of stack. */
const deepest = 100;

/** Whether a value has more levels of lists and objects than are taken from outside. */
export const isTooDeep = (value: unknown, levels = deepest): boolean => {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isTooDeep(part, levels - 1));
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
