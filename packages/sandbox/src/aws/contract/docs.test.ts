import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "./world.ts";

const page = readFileSync(
  new URL("../../../../../docs/sandbox-endpoint.md", import.meta.url),
  "utf8",
);

/** The operations that the page's tables name, by the signing name in the heading above. */
const documented = new Map(
  page.split(/^### /m).flatMap((section): [string, string[]][] => {
    const signingName = /^.*\(`(\w+)`\)$/m.exec(section)?.[1];
    const rows = section.matchAll(/^\| `(\w+)` \| [^|]+ \| [^|]*\|$/gm);
    return signingName === undefined ? [] : [[signingName, [...rows].map(([, name = ""]) => name)]];
  }),
);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe("the endpoint's page", () => {
  it("names every service", () => {
    const names = world.services.map(({ signingName }) => signingName);
    expect([...documented.keys()].sort()).toEqual(names.sort());
  });

  it("says of every operation what it keeps, and names no other", () => {
    for (const { signingName, operations } of world.services) {
      const rows = documented.get(signingName)?.toSorted();
      expect(rows, signingName).toEqual(Object.keys(operations).sort());
    }
  });
});
