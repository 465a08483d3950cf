import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatSrn, parseSrn, type Srn } from "./srn.ts";

const part = fc.stringMatching(/^[a-z0-9-_]{1,20}$/);
const number = fc.nat({ max: 99 });
const version = fc.oneof(
  fc.constant("latest"),
  fc.tuple(number, number, number).map((parts) => parts.join(".")),
);
const plain = { org: part, model: part, slug: part, version };
const typed = {
  ...plain,
  model: fc.constantFrom("user", "target", "access_target"),
  type: part,
  // A slug of that name would be taken for the version of an SRN without a type.
  slug: part.filter((slug) => slug !== "latest"),
};
const srns: fc.Arbitrary<Srn> = fc.oneof(
  fc.record(plain),
  fc.record({ ...plain, identifier: part }),
  fc.record(typed),
  fc.record({ ...typed, identifier: part }),
);

describe("an SRN", () => {
  it("is read as it was written", () => {
    const roundTrip = fc.property(srns, (srn) => {
      expect(parseSrn(formatSrn(srn))).toEqual(srn);
    });
    fc.assert(roundTrip);
  });

  it("can be written of anything, and read again", () => {
    const anything = fc.string({ minLength: 1, unit: "binary" });
    fc.assert(
      fc.property(anything, anything, version, (org, slug, version) => {
        const written = formatSrn({ org, model: "flow", slug, version });
        expect(parseSrn(written).version).toBe(version);
      }),
    );
  });

  it.each<[string, Srn]>([
    [
      "acme:run:database-admin:1.0.0:2ed6657d",
      {
        org: "acme",
        model: "run",
        slug: "database-admin",
        version: "1.0.0",
        identifier: "2ed6657d",
      },
    ],
    ["acme:user:a11ce:latest", { org: "acme", model: "user", slug: "a11ce", version: "latest" }],
    [
      "acme:user:bot:curfew:latest",
      { org: "acme", model: "user", type: "bot", slug: "curfew", version: "latest" },
    ],
    [
      "acme:access_target:db:latest:e6a9",
      { org: "acme", model: "access_target", slug: "db", version: "latest", identifier: "e6a9" },
    ],
    [
      "acme:target:aws_lambda_function:db:1.2.3:e6a9",
      {
        org: "acme",
        model: "target",
        type: "aws_lambda_function",
        slug: "db",
        version: "1.2.3",
        identifier: "e6a9",
      },
    ],
    ["ACME:Flow:DB:LATEST", { org: "acme", model: "flow", slug: "db", version: "latest" }],
  ])("such as %s is read", (text, srn) => {
    expect(parseSrn(text)).toEqual(srn);
  });

  it.each([
    ["acme:flow:db:latest:", "it ends in a colon"],
    ["acme:flow:latest", "fewer than four parts"],
    ["", "fewer than four parts"],
    ["acme:flow:db:1.0", "no version"],
    ["acme:flow:type:db:latest", "no version"],
    ["acme:flow:d b:latest", "may not stand"],
    ["acme::db:latest", "may not stand"],
    ["acme:run:db:latest:a:b", "too many parts"],
  ])("is not %j: %s", (text, why) => {
    expect(() => parseSrn(text)).toThrow(why);
  });
});
