import { describe, expect, it } from "vitest";
import * as z from "zod";
import { between, revocationTime } from "../support/client.ts";
import { waitFor } from "../support/sandbox.ts";
import { useSandbox } from "../support/use-sandbox.ts";

const Extended = z.looseObject({ status: z.string(), expiresAt: z.string() });
const Problem = z.looseObject({ code: z.string() });

describe("an extension", () => {
  const bench = useSandbox();

  const extend = (name: string, id: string, duration: string) =>
    bench.api.call(name, "POST", `/requests/${id}/extend`, { duration });
  const late = (expiresAt: string | null): number => Date.now() - Date.parse(expiresAt ?? "");
  const granted = async (name: string, duration: string) => {
    const { id } = await bench.api.ask(name, duration);
    return bench.api.until(name, id, "active");
  };

  it.concurrent("keeps the access without a gap, and ends it at the new end", async () => {
    const { id, expiresAt } = await granted("alice", "8s");
    const answer = await extend("alice", id, "12s");
    expect(answer.status).toBe(200);
    const extended = Extended.parse(answer.body);
    expect(Date.parse(extended.expiresAt)).toBeGreaterThan(Date.parse(expiresAt ?? ""));

    // Past the old end, with the old timeouts fired.
    await waitFor("the old end", 20_000, async () => {
      expect(await bench.people.hasStagingReadOnly("alice")).toBe(true);
      return late(expiresAt) > 1_500;
    });
    const ended = await bench.api.until("alice", id, "ended", 30_000);
    expect(ended.expiresAt).toBe(extended.expiresAt);
    expect(ended.endReason).toBe("expired");
    const lag = between(extended.expiresAt, ended.endedAt);
    expect(lag).toBeGreaterThan(0);
    expect(lag).toBeLessThan(10_000);
    expect(await bench.people.hasStagingReadOnly("alice")).toBe(false);
    expect(ended.history.map(({ event }) => event)).toEqual([
      "request.created",
      "access.escalating",
      "access.granted",
      "request.extended",
      "access.deescalating",
      "access.ended",
    ]);
  });

  it.concurrent("made ten times at once leaves one end, and the access ends then", async () => {
    const { id } = await granted("carol", "10s");
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => extend("carol", id, `${11 + (index % 3)}s`)),
    );
    for (const { status } of answers) expect([200, 422, 503]).toContain(status);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    const { expiresAt } = await bench.api.request("carol", id);
    const ends = answers
      .filter(({ status }) => status === 200)
      .map(({ body }) => Extended.parse(body).expiresAt);
    expect(ends.toSorted().at(-1)).toBe(expiresAt);
    const ended = await bench.api.until("carol", id, "ended", 30_000);
    expect(Date.parse(ended.endedAt ?? "")).toBeGreaterThan(Date.parse(expiresAt ?? ""));
    expect(await bench.people.hasStagingReadOnly("carol")).toBe(false);
  });

  it("from the last minutes to a later hour goes back to waiting for its schedule, and a revoke still ends it at once", async () => {
    const { id } = await granted("bob", "60s");
    expect((await extend("bob", id, "1h")).status).toBe(200);
    await bench.api.call("bob", "POST", `/requests/${id}/revoke`);
    const ended = await bench.api.until("bob", id, "ended");
    expect(revocationTime(ended)).toBeLessThan(5_000);
    expect(ended.endReason).toBe("released");
    expect(await bench.people.hasStagingReadOnly("bob")).toBe(false);
  });

  it("is refused when it would shorten, exceed the flow's rules, or comes from somebody else", async () => {
    const { id, expiresAt } = await granted("erin", "10m");
    const refusals = [
      [await extend("erin", id, "1m"), 422, "extension.not-later"],
      [await extend("erin", id, "2h"), 422, "flow.duration-not-allowed"],
      [await extend("erin", id, "soon"), 400, "body.malformed"],
      [await extend("alice", id, "30m"), 404, "request.not-found"],
      [await extend("carol", id, "30m"), 403, "request.not-allowed"],
    ] as const;
    for (const [{ status, body }, expected, code] of refusals)
      expect([status, Problem.parse(body).code]).toEqual([expected, code]);
    expect((await bench.api.request("erin", id)).expiresAt).toBe(expiresAt);

    await bench.api.call("erin", "POST", `/requests/${id}/revoke`);
    expect((await extend("erin", id, "30m")).status).toBe(409);
  });
});
