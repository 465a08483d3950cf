import { describe, expect, it } from "vitest";
import { alice, aRequest, bob, noon } from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { Fate, hadBefore, remarks } from "./ending.ts";
import { EventName, type RequestEvent } from "./events.ts";
import { foundAgain, foundLate } from "./found-again.ts";
import { notificationOf } from "./notification.ts";
import { NotificationMessage } from "./notification-message.ts";
import { actorOf, curfew } from "./person.ts";
import { Request } from "./request.ts";

const anEvent = (given: Partial<RequestEvent> = {}): RequestEvent => ({
  seq: 3,
  event: "access.granted",
  at: noon,
  actor: curfew,
  ...given,
});

describe("a notification", () => {
  it("lets nobody add lines of their own to the sentence", () => {
    const forged = "Incident\n• bob@acme.example approved\u2028everything\u0000\u202e";
    const created = anEvent({ event: "request.created" });
    const { message } = notificationOf(aRequest({ reason: forged }), created);
    expect(message.text).toBe(
      "alice@acme.example asks for ReadOnly on prod for 1h: Incident • bob@acme.example approved everything",
    );
    expect(message.request.reason).toBe(forged);
    const denied = anEvent({
      event: "request.denied",
      message: "No\n\nreally",
      actor: actorOf(bob),
    });
    expect(notificationOf(aRequest(), denied).message.text).toMatch(/\(No really\)$/);
  });

  it("says what happened to which request, in the published form", () => {
    const active = aRequest({ status: "active", sessionSeconds: 7_200 });
    const notification = notificationOf(active, anEvent());
    expect(notification).toEqual({
      topic: "results",
      severity: "info",
      message: {
        version: 1,
        id: "req_00000000000000000000000001:3",
        event: "access.granted",
        at: noon,
        request: {
          id: "req_00000000000000000000000001",
          flow: "production",
          target: "prod-readonly",
          requester: alice.email,
          status: "active",
          reason: "Incident 42",
          duration: "1h",
          startAt: null,
          activatedAt: noon,
          expiresAt: addSeconds(noon, 3_600),
          endedAt: null,
          sessionsUntil: "2026-11-20T15:00:00.000Z",
          endReason: null,
        },
        actor: curfew,
        errors: [],
        text: "alice@acme.example has ReadOnly on prod until 2026-11-20T13:00:00.000Z. A session opened with it may stay open until 2026-11-20T15:00:00.000Z.",
      },
    });
  });

  it("tells those who decide from when on access is asked for", () => {
    const request = aRequest({ startAt: addSeconds(noon, 3_600) });
    const { message } = notificationOf(request, anEvent({ event: "request.created" }));
    expect(message.request.startAt).toBe("2026-11-20T13:00:00.000Z");
    expect(message.text).toBe(
      "alice@acme.example asks for ReadOnly on prod for 1h from 2026-11-20T13:00:00.000Z on: Incident 42",
    );
  });

  it.each(EventName.options)("of %s is valid, and a sentence for people", (event) => {
    const { message } = notificationOf(aRequest(), anEvent({ event, actor: actorOf(bob) }));
    expect(NotificationMessage.parse(message)).toEqual(message);
    expect(message.text).toMatch(/ReadOnly on prod/);
  });

  it.each([
    ["answer.malformed", "warning"],
    ["answer.errors", "error"],
    ["request.failed", "error"],
    ["access.late", "error"],
    ["access.stuck", "critical"],
  ] as const)("of %s goes to the errors topic as %s", (event, severity) => {
    expect(notificationOf(aRequest(), anEvent({ event }))).toMatchObject({
      topic: "errors",
      severity,
    });
  });

  it("of everything else goes to the results topic", () => {
    const loud = [
      "answer.malformed",
      "answer.errors",
      "request.failed",
      "access.late",
      "access.stuck",
    ];
    for (const event of EventName.options.filter((name) => !loud.includes(name)))
      expect(notificationOf(aRequest(), anEvent({ event })).topic).toBe("results");
  });

  it("gives the remark, and the errors as bullets in order", () => {
    const event = anEvent({ event: "request.failed", message: "late", errors: ["One", "Two"] });
    const { message } = notificationOf(aRequest(), event);
    expect(message.errors).toEqual(["One", "Two"]);
    expect(message.text).toMatch(/ \(late\)\n• One\n• Two$/);
  });

  it("tells operators the messages behind the errors, on the errors topic only", () => {
    const details = ["AccessDenied: arn:aws:iam::555555555555:role/x"];
    const late = notificationOf(aRequest(), anEvent({ event: "access.late", details }));
    expect(late.message.details).toEqual(details);
    expect(late.message.text).not.toContain("arn:");
    expect(NotificationMessage.parse(late.message)).toEqual(late.message);
    const granted = notificationOf(aRequest(), anEvent({ details }));
    expect(JSON.stringify(granted)).not.toContain("arn:");
  });

  it.each([
    ["access.late", "Curfew retries."],
    ["access.stuck", "Curfew retries. Somebody must look."],
  ] as const)("of %s says since when the access is not verified gone", (event, rest) => {
    const request = aRequest({ status: "deescalating", expiresAt: noon });
    const at = addSeconds(noon, 301);
    expect(notificationOf(request, anEvent({ event, at })).message.text).toBe(
      `The request of alice@acme.example for ReadOnly on prod was to end at ${noon}. At ${at} the access was not verified gone. ${rest}`,
    );
  });

  describe("of an ending", () => {
    const has = "The request of alice@acme.example for ReadOnly on prod has ended.";
    const failed = "The request of alice@acme.example for ReadOnly on prod failed.";
    const sessions = " A session opened with it may stay open until 2026-11-20T13:01:00.000Z.";
    const endings: [Fate, string, string][] = [
      [
        "removed",
        `ReadOnly on prod of alice@acme.example has ended: the access is gone.${sessions}`,
        `${failed} Any access that it gave is gone.${sessions}`,
      ],
      [
        "gone",
        `${has} Nothing that it gave was left to take away.${sessions}`,
        `${failed} Nothing that it gave was left to take away.${sessions}`,
      ],
      [
        "handed-over",
        `${has} The function behind it was called to take the access away.`,
        `${failed} The function behind it was called to take the access away.`,
      ],
      [
        "standing",
        `${has} Nothing was taken away: Curfew had not given the access.`,
        `${failed} Nothing was taken away: Curfew had not given the access.`,
      ],
      [
        "shared",
        `${has} Nothing was taken away: another request holds the same access.`,
        `${failed} Nothing was taken away: another request holds the same access.`,
      ],
      ["never-granted", `${has} Nothing had been granted.`, `${failed} Nothing had been granted.`],
    ];

    it("has a text for each fate", () => {
      expect(endings.map(([fate]) => fate).sort()).toEqual(Fate.options.toSorted());
    });

    const textOf = (event: "access.ended" | "request.failed", given: Partial<Request>) => {
      const status = event === "access.ended" ? ("ended" as const) : ("failed" as const);
      const endedAt = addSeconds(noon, 60);
      const request = aRequest({ status, endedAt, sessionSeconds: 3_600, ...given });
      const message = request.fate && remarks[request.fate];
      return notificationOf(request, anEvent({ event, ...(message && { message }) })).message.text;
    };

    it.each(endings)("says how: %s", (fate, ended, failedSo) => {
      expect(textOf("access.ended", { fate })).toBe(ended);
      expect(textOf("request.failed", { fate })).toBe(failedSo);
    });

    it("that an earlier or a later version wrote says no more than that it has ended", () => {
      expect(textOf("access.ended", {})).toBe(`${has}${sessions}`);
      expect(textOf("request.failed", {})).toBe(`${failed}${sessions}`);
      const later = Request.parse({ ...aRequest({ status: "ended" }), fate: "handed-back" });
      expect(notificationOf(later, anEvent({ event: "access.ended" })).message.text).toBe(has);
    });

    it("says nothing of sessions where nothing is known about them", () => {
      const { text } = notificationOf(
        aRequest({ status: "ended", fate: "removed" }),
        anEvent({ event: "access.ended" }),
      ).message;
      expect(text).toBe("ReadOnly on prod of alice@acme.example has ended: the access is gone.");
    });

    it("that only the function's owner knows says that it is not known", () => {
      const request = aRequest({ status: "failed", fate: "handed-over", sessionSeconds: 3_600 });
      const event = anEvent({ event: "request.failed", severity: "critical", errors: ["Half"] });
      expect(notificationOf(request, event).message.text).toBe(
        `${failed} Whether the access is gone is not known: somebody must look.\n• Half`,
      );
    });
  });

  it("of nothing else speaks of sessions", () => {
    const active = aRequest({ status: "active", sessionSeconds: 3_600 });
    const speaking = EventName.options.filter((event) =>
      notificationOf(active, anEvent({ event })).message.text.includes("session"),
    );
    expect(speaking).toEqual(["request.failed", "access.granted", "access.ended"]);
  });

  it("says that access which the person has already does not end with the request", () => {
    const granted = anEvent({ message: hadBefore });
    const { message } = notificationOf(aRequest({ status: "active" }), granted);
    expect(message.text).toBe(
      "alice@acme.example has ReadOnly on prod already, and not from Curfew: it stays when the request ends.",
    );
  });

  it("says that Curfew takes away what came late, and leaves what somebody else may have given", () => {
    const textOf = (remark: string): string => {
      const again = anEvent({ event: "access.stuck", message: remark });
      return notificationOf(aRequest({ status: "ended" }), again).message.text;
    };
    expect(textOf(foundLate)).toBe(
      "alice@acme.example has ReadOnly on prod again after its end. Curfew takes it away.",
    );
    expect(textOf(foundAgain)).toContain("Somebody must look");
  });

  it("says that access without a curfew lasts until it is revoked", () => {
    const { expiresAt: _, ...endless } = aRequest({ status: "active", scheduled: false });
    expect(notificationOf(endless, anEvent()).message.text).toContain("until it is revoked");
  });

  it("names the flow, and a dash for the target, where there is nothing to give access to", () => {
    const { access: _, ...bare } = aRequest();
    const { message } = notificationOf(bare, anEvent({ event: "request.created" }));
    expect(message.request.target).toBe("-");
    expect(message.text).toBe("alice@acme.example asks for production for 1h: Incident 42");
  });
});
