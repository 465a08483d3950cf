import { describe, expect, it } from "vitest";
import { mutants } from "./mutants.ts";
import { mutate } from "./mutate.ts";
import { type Played, seedOf } from "./play.ts";

const seed = seedOf(4);

const playMutant = async (mutant: (typeof mutants)[number], cases: number): Promise<Played> => {
  const { entry, remove } = await mutate(mutant);
  try {
    const player: typeof import("./play.ts") = await import(/* @vite-ignore */ entry);
    return await player.play("any", cases, seed);
  } finally {
    await remove();
  }
};

describe("the model", { timeout: 300_000 }, () => {
  it("keeps the promise in an unchanged copy of the sources", async () => {
    const played = await playMutant({ name: "nothing", edits: [] }, 100);
    expect(played.broken).toBeUndefined();
  });

  it.each(mutants)("finds a counterexample for: $name", async (mutant) => {
    const { broken, cases } = await playMutant(mutant, 10_000);
    console.log(`${mutant.name}: found in case ${cases}: ${broken?.what}`);
    expect(broken?.what ?? "nothing").toMatch(/^BrokenPromise/);
  });
});
