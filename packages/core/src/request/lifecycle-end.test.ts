import { describe, expect, it } from "vitest";
import { aRequest, bob, noon } from "../testing/index.ts";
import { addSeconds, milliseconds } from "../time.ts";
import {
  beginDeescalation,
  dueAt,
  failByAnswer,
  finish,
  isDue,
  isRevocable,
  requestEnd,
} from "./lifecycle.ts";
import { actorOf, curfew } from "./person.ts";
import type { EndRequested } from "./request.ts";
import { RequestStatus } from "./status.ts";

const now = milliseconds(noon);
const hour = 3_600_000;
const revoked: EndRequested = { reason: "revoked", by: actorOf(bob), at: noon };
const failed: EndRequested = { reason: "failed", by: curfew, at: noon };

describe("asking for the end", () => {
  it("is written down with who asked, and what they said", () => {
    const request = requestEnd(revoked, "Suspicious")(aRequest({ status: "active" }));
    expect(request?.endRequested).toEqual(revoked);
    expect(request?.history.at(-1)).toEqual({
      seq: 2,
      event: "request.revoked",
      at: noon,
      actor: actorOf(bob),
      message: "Suspicious",
    });
  });

  it("before anything was prepared is the end: nothing can have been granted", () => {
    const request = requestEnd(revoked, "Not needed")(aRequest({ status: "approved" }));
    expect(request).toMatchObject({
      status: "ended",
      endReason: "revoked",
      endedAt: noon,
      endRequested: revoked,
      fate: "never-granted",
    });
    expect(request?.history.slice(1)).toEqual([
      { seq: 2, event: "request.revoked", at: noon, actor: actorOf(bob), message: "Not needed" },
      {
        seq: 3,
        event: "access.ended",
        at: noon,
        actor: actorOf(bob),
        message: "nothing had been granted",
      },
    ]);
  });

  it("once the revocation is armed is left to the workflow: access may be on its way", () => {
    const armed = { at: noon, grantBy: noon };
    const request = requestEnd(revoked)(aRequest({ status: "approved", armed }));
    expect(request).toMatchObject({ status: "approved", endRequested: revoked });
    expect(requestEnd(failed, "It broke.")(aRequest())?.status).toBe("approved");
  });

  it("leaves the first who asked on record", () => {
    expect(requestEnd(failed)(aRequest({ endRequested: revoked }))).toBeUndefined();
  });

  it("because of a failure is an error, and nobody's revocation", () => {
    const request = requestEnd(failed, "It broke.")(aRequest({ status: "escalating" }));
    expect(request?.errors).toEqual(["It broke."]);
    expect(request?.history).toHaveLength(1);
  });

  it.each(RequestStatus.options)("is possible exactly where isRevocable says so: %s", (status) => {
    const possible = requestEnd(revoked)(aRequest({ status })) !== undefined;
    expect(isRevocable(status)).toBe(possible);
  });
});

describe("an escalation that a customer's function answered with errors", () => {
  const escalating = aRequest({ status: "escalating" });
  const answer = { output: { body: {}, errors: ["No", "Never"] }, errors: ["No", "Never"] };

  it("is to be ended at once, with the errors in order and the whole answer", () => {
    const request = failByAnswer(now, answer)(escalating);
    expect(request).toMatchObject({
      status: "escalating",
      endRequested: failed,
      errors: ["No", "Never"],
      output: answer.output,
    });
    expect(request?.history.at(-1)).toMatchObject({
      event: "answer.errors",
      errors: ["No", "Never"],
    });
  });

  it("is warned of, too, where the answer was out of form", () => {
    const request = failByAnswer(now, { ...answer, malformed: true })(escalating);
    expect(request?.history.slice(1).map(({ event }) => event)).toEqual([
      "answer.malformed",
      "answer.errors",
    ]);
  });

  it("leaves on record who had asked for the end before", () => {
    const request = failByAnswer(now, answer)({ ...escalating, endRequested: revoked });
    expect(request?.endRequested).toEqual(revoked);
    expect(request?.errors).toEqual(["No", "Never"]);
  });

  it("changes nothing once it is being ended anyway", () => {
    expect(failByAnswer(now, answer)(aRequest({ status: "deescalating" }))).toBeUndefined();
  });
});

describe("the end of access", () => {
  it("is its expiry, or the moment at which the end was asked for if that is earlier", () => {
    const active = aRequest({ status: "active" });
    expect(dueAt(active)).toBe(addSeconds(noon, 3_600));
    expect(dueAt({ ...active, endRequested: revoked })).toBe(noon);
    const late: EndRequested = { ...revoked, at: addSeconds(noon, 7_200) };
    expect(dueAt({ ...active, endRequested: late })).toBe(addSeconds(noon, 3_600));
  });

  it("is open while nothing says when", () => {
    expect(dueAt(aRequest())).toBeUndefined();
    const { expiresAt: _, ...endless } = aRequest({ status: "active", scheduled: false });
    expect(isDue(endless, now + 1_000 * 24 * hour)).toBe(false);
  });

  it("comes at the curfew, and not a moment before", () => {
    const active = aRequest({ status: "active" });
    expect(isDue(active, now + hour - 1)).toBe(false);
    expect(isDue(active, now + hour)).toBe(true);
  });

  it("has come as soon as somebody asked for it, even if their clock is ahead of ours", () => {
    const ahead: EndRequested = { ...revoked, at: addSeconds(noon, 2) };
    expect(isDue(aRequest({ status: "active", endRequested: ahead }), now)).toBe(true);
  });

  it.each(["approved", "escalating", "deescalating"] as const)(
    "has come for what is %s: it may have been granted and is not verified",
    (status) => {
      expect(isDue(aRequest({ status }), now)).toBe(true);
    },
  );
});

const stopped = {
  error: "EscalationFailed: The service could not give the access.",
  detail: "EscalationFailed: arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter says no",
};

describe("beginning to deescalate", () => {
  it("at the curfew is Curfew's doing, and no failure", () => {
    const request = beginDeescalation(now + hour)(aRequest({ status: "active" }));
    expect(request?.endRequested).toBeUndefined();
    expect(request?.errors).toEqual([]);
    expect(request?.history.at(-1)).toMatchObject({ event: "access.deescalating", actor: curfew });
  });

  it("because somebody asked is that person's doing, and whatever broke meanwhile is no failure", () => {
    const escalating = aRequest({ status: "escalating", endRequested: revoked });
    const request = beginDeescalation(now, stopped)(escalating);
    expect(request?.endRequested).toEqual(revoked);
    expect(request?.errors).toEqual([]);
    expect(request?.history.at(-1)?.actor).toEqual(actorOf(bob));
  });

  it("out of an escalation is a failure, with what stopped it", () => {
    const request = beginDeescalation(now, stopped)(aRequest({ status: "escalating" }));
    expect(request?.endRequested).toEqual(failed);
    expect(request?.errors).toEqual([stopped.error]);
    expect(request?.details).toEqual([stopped.detail]);
  });

  it("out of an escalation that nobody can explain is a failure, too", () => {
    const request = beginDeescalation(now)(aRequest({ status: "approved" }));
    expect(request?.errors).toEqual(["The escalation did not finish."]);
  });
});

describe("finishing", () => {
  const deescalating = aRequest({ status: "deescalating" });

  it.each([
    ["expired", undefined],
    ["revoked", revoked],
    ["released", { ...revoked, reason: "released" as const }],
  ])("ends a request as %s", (endReason, endRequested) => {
    const request = finish(now)({ ...deescalating, ...(endRequested && { endRequested }) });
    expect(request).toMatchObject({ status: "ended", endReason, endedAt: noon });
    expect(request?.history.at(-1)?.event).toBe("access.ended");
  });

  it.each([
    ["that broke", { endRequested: failed }],
    ["with errors, although somebody revoked it", { endRequested: revoked, errors: ["No"] }],
  ])("fails a request %s", (_, given) => {
    const request = finish(now)({ ...deescalating, ...given });
    expect(request).toMatchObject({ status: "failed", endedAt: noon });
    expect(request).not.toHaveProperty("endReason");
    expect(request?.history.at(-1)?.event).toBe("request.failed");
  });

  it("fails a request whose function answered the deescalation with errors, and cries out", () => {
    const request = finish(now, undefined, { errors: ["Still there"] })(deescalating);
    expect(request).toMatchObject({ status: "failed", errors: ["Still there"] });
    expect(request?.history.at(-1)).toMatchObject({
      event: "request.failed",
      severity: "critical",
      errors: ["Still there"],
    });
  });

  it("keeps both answers of the function", () => {
    const [output, last] = [{ body: { role: "admin" } }, { body: { removed: true } }];
    const request = finish(now, undefined, { output: last })({ ...deescalating, output });
    expect(request).toMatchObject({ output, outputs: { deescalate: last } });
    expect(finish(now)(deescalating)).not.toHaveProperty("outputs");
  });

  it("ends a request whose function did not answer in the agreed form, and says so", () => {
    const request = finish(now, undefined, { malformed: true })(deescalating);
    expect(request?.status).toBe("ended");
    expect(request?.history.at(-2)?.event).toBe("answer.malformed");
  });

  it("stores the access's fate, and remarks on it where there is something to remark", () => {
    const standing = finish(now, "standing")(deescalating);
    expect(standing?.fate).toBe("standing");
    expect(standing?.history.at(-1)?.message).toContain("Curfew had not given");
    const removed = finish(now, "removed")(deescalating);
    expect(removed?.fate).toBe("removed");
    expect(removed?.history.at(-1)).not.toHaveProperty("message");
  });

  it("tells operators what stopped the escalation, and what the function's crash said", () => {
    const broken = { ...deescalating, endRequested: failed, details: [stopped.detail] };
    const request = finish(now, "removed", { errors: ["Crash"], details: ["boom"] })(broken);
    expect(request?.history.at(-1)?.details).toEqual([stopped.detail, "boom"]);
    expect(finish(now, "removed")(deescalating)?.history.at(-1)).not.toHaveProperty("details");
  });
});
