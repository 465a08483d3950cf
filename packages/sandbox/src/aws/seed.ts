import type { Store } from "../store.ts";

/** Writes what a collection begins with: once for each state directory, whatever is deleted later. */
export const seedOnce = (store: Store, name: string, write: () => void): void => {
  const seeds = store.collection<true>("seeds");
  store.transaction(() => {
    if (seeds.get(name) !== undefined) return;
    write();
    seeds.put(name, true);
  });
};
