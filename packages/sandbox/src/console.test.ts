import { describe, expect, it } from "vitest";
import type { DeliveredMessage } from "./aws/services/sns.ts";
import { type Console, createConsole } from "./console.ts";

const printed = (use: (console: Console) => void): string => {
  const parts: string[] = [];
  use(createConsole((part) => void parts.push(part)));
  return parts.join("");
};

const aMessage = (overrides: Partial<DeliveredMessage> = {}): DeliveredMessage => ({
  topic: "curfew-sandbox-results",
  at: "2026-11-20T12:03:58.000Z",
  attributes: { event: "access.ended", severity: "info" },
  message: { event: "access.ended", text: "ReadOnly on staging of alice has ended." },
  ...overrides,
});

describe("the console", () => {
  it("tells a notification in one line, at its time", () => {
    expect(printed((console) => console.notification(aMessage()))).toMatch(
      /^\d\d:\d\d:58 {2}access\.ended: ReadOnly on staging of alice has ended\.\n$/,
    );
  });

  it("tells everything else at the sandbox's time", () => {
    const parts: string[] = [];
    const now = () => Date.parse("2027-01-01T00:00:07Z");
    createConsole((part) => void parts.push(part), now).warn("beware");
    expect(parts.join("")).toMatch(/^\d\d:00:07 {2}warning: beware\n$/);
  });

  it("marks what is worse than information", () => {
    const message = aMessage({ attributes: { severity: "critical" } });
    expect(printed((console) => console.notification(message))).toContain(
      "  CRITICAL access.ended",
    );
  });

  it("shows a message that is not Curfew's as it is", () => {
    const message = aMessage({ message: { hello: "world" } });
    expect(printed((console) => console.notification(message))).toContain(
      'curfew-sandbox-results: {"hello":"world"}',
    );
  });

  it("lets no reason steer the terminal", () => {
    const text = "for \u001b[2J\u0007\nfun";
    const message = aMessage({ message: { event: "request.created", text } });
    expect(printed((console) => console.notification(message))).toMatch(/: for {2}\[2J fun\n$/);
  });

  it("shows where an error comes from", () => {
    const text = printed((console) => console.error("no luck", new Error("deep down")));
    expect(text).toMatch(/ {2}error: no luck\nError: deep down\n +at /);
  });
});
