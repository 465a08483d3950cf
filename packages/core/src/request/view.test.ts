import { describe, expect, it } from "vitest";
import { failureOf } from "../errors/failure.ts";
import { alice, aRequest, bob, noon } from "../testing/index.ts";
import { addSeconds, milliseconds } from "../time.ts";
import { failAttempt } from "./lateness.ts";
import { beginDeescalation, finish } from "./lifecycle.ts";
import { actorOf } from "./person.ts";
import type { Request } from "./request.ts";
import { RequestSummary, RequestView, summaryOf, viewOf } from "./view.ts";

const now = milliseconds(noon);

describe("a page of 100 requests", () => {
  it("stays below Lambda's 6 MB, whatever their functions answered", () => {
    const output = { body: { a: "x".repeat(64 * 1_024 - 29) }, errors: [] };
    const errors = Array<string>(50).fill("x".repeat(1_000));
    const request = aRequest({ status: "failed", output, outputs: { deescalate: output }, errors });
    const page = JSON.stringify({ requests: Array(100).fill(summaryOf(request, now)) });
    expect(page.length).toBeLessThan(6 * 1_024 * 1_024);
  });
});

describe("a request as the API shows it", () => {
  it("has everything about it, and null for what is not there yet", () => {
    expect(viewOf(aRequest(), now)).toEqual({
      id: "req_00000000000000000000000001",
      status: "approved",
      flow: "production",
      target: "prod-readonly",
      requester: "alice@acme.example",
      reason: "Incident 42",
      duration: "1h",
      approvals: [{ decision: "approved", by: actorOf(bob), at: noon }],
      createdAt: noon,
      startAt: null,
      activatedAt: null,
      expiresAt: null,
      endedAt: null,
      sessionsUntil: null,
      endReason: null,
      errors: [],
      outputs: { escalate: null, deescalate: null },
      history: [
        {
          id: "req_00000000000000000000000001:1",
          event: "request.created",
          at: noon,
          actor: actorOf(alice),
        },
      ],
    });
  });

  it("has the form that is published, in a list without history, errors and outputs", () => {
    for (const request of [aRequest(), aRequest({ status: "ended", startAt: noon })]) {
      const { history, errors, outputs, ...summary } = viewOf(request, now);
      expect(RequestView.parse(viewOf(request, now))).toEqual(viewOf(request, now));
      expect(RequestSummary.parse(summaryOf(request, now))).toEqual(summary);
    }
  });

  it("has its times and its end once they are known", () => {
    const outputs = { escalate: { body: { a: 1 } }, deescalate: { body: {} } };
    const ended = aRequest({ status: "ended", outputs, sessionSeconds: 3_600 });
    expect(viewOf(ended, now)).toMatchObject({
      activatedAt: noon,
      expiresAt: addSeconds(noon, 3_600),
      endedAt: addSeconds(noon, 3_600),
      sessionsUntil: addSeconds(noon, 7_200),
      endReason: "expired",
      outputs,
    });
  });

  it("has the answer to escalate also where it is stored in `output`", () => {
    const output = { body: { role: "admin" }, errors: [] };
    const shown = (given: Partial<Request>) => viewOf(aRequest(given), now).outputs;
    expect(shown({ output })).toEqual({ escalate: output, deescalate: null });
    const outputs = { deescalate: { body: {}, errors: [] } };
    expect(shown({ output, outputs })).toEqual({ escalate: output, ...outputs });
  });

  it("shows neither tokens nor the way into another account", () => {
    const waiting = { state: "Wait for expiry", token: "s3cret-token", enteredAt: noon };
    const shown = JSON.stringify(viewOf(aRequest({ status: "active", waiting }), now));
    expect(shown).not.toContain("s3cret-token");
    expect(shown).not.toContain("acme-curfew");
    expect(shown).not.toContain("arn:aws:iam");
  });

  it("shows people no message of an error: operators have them", () => {
    const role = "arn:aws:iam::555555555555:role/curfew/CurfewLambda";
    const cause = failureOf({ name: "AWS:ASSUME_ROLE_FAILED", message: `No ${role}` });
    const start = beginDeescalation(now, cause)(aRequest({ status: "escalating" }));
    const late = failAttempt(now + 300_000, cause)(start ?? aRequest());
    const failed = finish(now + 300_000, "removed")(late ?? aRequest()) ?? aRequest();
    expect(failed.status).toBe("failed");
    expect(JSON.stringify(failed)).toContain(role);
    const shown = viewOf(failed, now);
    expect(shown.errors).toEqual([cause.error]);
    expect(shown.history.map(({ errors }) => errors)).toEqual([
      undefined,
      undefined,
      [cause.error],
      [cause.error],
    ]);
    expect(JSON.stringify(shown)).not.toContain("arn:aws:iam");
    expect(RequestView.parse(shown)).toEqual(shown);
  });
});
