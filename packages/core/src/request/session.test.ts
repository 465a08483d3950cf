import { describe, expect, it } from "vitest";
import { alice, requestId } from "../testing/index.ts";
import { sessionOf } from "./session.ts";

describe("the session of a connector", () => {
  it("is named after the request, and acts for the person's e-mail address", () => {
    expect(sessionOf(requestId(1), alice)).toEqual({
      name: requestId(1),
      sourceIdentity: "alice@acme.example",
    });
  });

  it.each(["o'hara@acme.example", "müller@acme.example", `${"a".repeat(64)}@acme.example`])(
    "acts for the user id where STS would not accept %s",
    (email) => {
      expect(sessionOf(requestId(1), { ...alice, email }).sourceIdentity).toBe(alice.id);
    },
  );
});
