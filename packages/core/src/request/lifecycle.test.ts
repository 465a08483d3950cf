import { describe, expect, it } from "vitest";
import { executionName } from "../ids.ts";
import { aRequest, bob, noon, requestId } from "../testing/index.ts";
import { addSeconds, milliseconds, timestamp } from "../time.ts";
import { cancel, decide, lapse } from "./approval.ts";
import type { Change } from "./change.ts";
import { startNextExecution, wait } from "./execution.ts";
import { noteFailure, reportLateness } from "./lateness.ts";
import {
  activate,
  arm,
  beginDeescalation,
  beginEscalation,
  finish,
  latestEnd,
  markPublished,
  requestEnd,
  whyNotGrant,
} from "./lifecycle.ts";
import { actorOf } from "./person.ts";
import { type EndRequested, Request } from "./request.ts";
import { RequestStatus } from "./status.ts";

const now = milliseconds(noon);
const hour = 3_600_000;
const armed = { at: noon, grantBy: addSeconds(noon, 900) };
const revoked: EndRequested = { reason: "revoked", by: actorOf(bob), at: noon };
const waiting = {
  state: "Wait for expiry",
  token: "token",
  execution: executionName(requestId(1), 0),
  enteredAt: noon,
};

interface Row {
  name: string;
  change: Change;
  /** In which statuses it changes something. */
  applies: readonly RequestStatus[];
  given?: Partial<Request>;
}

const open = ["pending_approval", "approved", "escalating", "active", "deescalating"] as const;

const rows: readonly Row[] = [
  { name: "lapse", change: lapse(now), applies: ["pending_approval"], given: { lapsesAt: noon } },
  {
    name: "decide",
    change: decide({ decision: "approved", by: actorOf(bob), at: noon }),
    applies: ["pending_approval"],
  },
  { name: "cancel", change: cancel(actorOf(bob), now), applies: ["pending_approval"] },
  { name: "arm", change: arm(now), applies: ["approved"] },
  {
    name: "beginEscalation",
    change: beginEscalation(now),
    applies: ["approved"],
    given: { armed },
  },
  { name: "activate", change: activate(now), applies: ["escalating"] },
  {
    name: "requestEnd",
    change: requestEnd(revoked),
    applies: ["approved", "escalating", "active"],
  },
  {
    name: "beginDeescalation",
    change: beginDeescalation(now),
    applies: ["approved", "escalating", "active"],
    given: { expiresAt: noon },
  },
  { name: "finish", change: finish(now), applies: ["deescalating"] },
  {
    name: "reportLateness",
    change: reportLateness(now + 300_000),
    applies: ["approved", "escalating", "active", "deescalating"],
    given: { expiresAt: noon },
  },
  {
    name: "noteFailure",
    change: noteFailure(now, { error: "Error: No.", detail: "Error: No" }),
    applies: ["approved", "escalating", "active", "deescalating"],
    given: { expiresAt: noon },
  },
  { name: "wait", change: wait(waiting, now), applies: open },
  { name: "startNextExecution", change: startNextExecution(0), applies: open },
  {
    name: "markPublished",
    change: markPublished(1),
    applies: RequestStatus.options,
    given: { published: 0 },
  },
];

const cases = rows.flatMap(({ name, change, applies, given = {} }) =>
  RequestStatus.options.map((status) => ({
    name,
    status,
    request: aRequest({ status, ...given }),
    change,
    does: applies.includes(status) ? "changes" : "leaves alone",
  })),
);

describe("the changes of a request", () => {
  it.each(cases)("$name $does a request that is $status", ({ request, change, does }) => {
    const before = structuredClone(request);
    const changed = change(request);
    expect(changed === undefined ? "leaves alone" : "changes").toBe(does);
    if (changed !== undefined) expect(Request.parse(changed)).toEqual(changed);
    expect(request).toEqual(before);
  });

  it.each(cases.filter(({ does }) => does === "changes"))(
    "$name has nothing more to do when it is repeated on a request that was $status",
    ({ name, request, change }) => {
      const once = change(request);
      // A token is stored again by whoever repeats the wait: it is the same.
      const again = once && change(once);
      if (name === "wait") expect(again).toEqual(once);
      else expect(again).toBeUndefined();
    },
  );

  it("number the events without a gap", () => {
    const escalating = beginEscalation(now)(aRequest({ armed }));
    const active = escalating && activate(now)(escalating);
    expect(active?.history.map(({ seq, event }) => [seq, event])).toEqual([
      [1, "request.created"],
      [2, "access.escalating"],
      [3, "access.granted"],
    ]);
  });
});

describe("lapsing", () => {
  const pending = aRequest({ status: "pending_approval", lapsesAt: noon });

  it("happens at the moment that was set, and not before", () => {
    expect(lapse(now - 1)(pending)).toBeUndefined();
    expect(lapse(now)(pending)).toMatchObject({ status: "lapsed" });
  });

  it("never happens to a request that says nothing about it", () => {
    const { lapsesAt: _, ...endless } = pending;
    expect(lapse(now + 365 * 24 * hour)(endless)).toBeUndefined();
  });
});

describe("arming", () => {
  it("leaves fifteen minutes to grant, and sets the latest end from there", () => {
    const request = arm(now)(aRequest({ duration: 60 }));
    expect(request?.armed).toEqual(armed);
    expect(request && latestEnd(request)).toBe(addSeconds(noon, 960));
  });

  it("keeps the first moment when it is repeated", () => {
    expect(arm(now + hour)(aRequest({ armed }))).toBeUndefined();
  });

  it("is what the latest end is known from", () => {
    expect(latestEnd(aRequest())).toBeUndefined();
  });
});

describe("granting", () => {
  it("is allowed while a request escalates and its time to grant lasts", () => {
    expect(whyNotGrant(aRequest({ status: "escalating" }), now + 900_000 - 1)).toBeUndefined();
  });

  it.each([
    ["the request is active", aRequest({ status: "active" })],
    ["its end was asked for (revoked)", aRequest({ status: "escalating", endRequested: revoked })],
    ["the time to grant it ran out", aRequest({ status: "escalating" })],
  ])("is refused when %s", (reason, request) => {
    expect(whyNotGrant(request, now + 900_000)).toContain(reason);
  });

  it("is refused to what is not armed", () => {
    const { armed: _, ...unarmed } = aRequest({ status: "escalating" });
    expect(whyNotGrant(unarmed, now)).toBe("its revocation is not armed");
    expect(beginEscalation(now)(aRequest())).toBeUndefined();
  });

  it("does not begin once the end was asked for", () => {
    expect(beginEscalation(now)(aRequest({ armed, endRequested: revoked }))).toBeUndefined();
  });
});

describe("activating", () => {
  const escalating = aRequest({ status: "escalating", duration: 600 });

  it("starts the curfew now, not when the request was made", () => {
    expect(activate(now + 5_000)(escalating)).toMatchObject({
      status: "active",
      activatedAt: addSeconds(noon, 5),
      expiresAt: addSeconds(noon, 605),
    });
  });

  it("keeps what the strategy's step put out", () => {
    expect(activate(now, { output: { body: {} } })(escalating)?.output).toEqual({ body: {} });
    expect(activate(now)(escalating)).not.toHaveProperty("output");
  });

  it("keeps how long sessions last, also where its end was asked for meanwhile", () => {
    const sessionSeconds = 3_600;
    expect(activate(now, { sessionSeconds })(escalating)).toMatchObject({ sessionSeconds });
    const ending = { ...escalating, endRequested: revoked };
    expect(activate(now, { sessionSeconds })(ending)).toEqual({ ...ending, sessionSeconds });
    expect(activate(now)(escalating)).not.toHaveProperty("sessionSeconds");
  });

  it("notes that the answer was not in the agreed form, before anything else", () => {
    const request = activate(now, { malformed: true })(escalating);
    const [, malformed, granted] = request?.history ?? [];
    expect([malformed?.event, granted?.event]).toEqual(["answer.malformed", "access.granted"]);
    expect(malformed?.message).toMatch(/docs\//);
  });

  it("sets no curfew for a flow that does not schedule its deescalation", () => {
    const request = activate(now)({ ...escalating, scheduled: false });
    expect(request?.status).toBe("active");
    expect(request).not.toHaveProperty("expiresAt");
  });

  it("does not happen once the end was asked for", () => {
    expect(activate(now)({ ...escalating, endRequested: revoked })).toBeUndefined();
  });
});

describe("waiting", () => {
  const at = (enteredAt: string, token: string) => wait({ ...waiting, enteredAt, token }, now);
  const request = aRequest({ status: "active" });
  const store = (...changes: Change[]): string | undefined =>
    changes.reduce((stored, change) => change(stored) ?? stored, request).waiting?.token;

  it("stores the token of the state that was entered last, in whichever order they come", () => {
    const [older, newer] = [at(noon, "older"), at(addSeconds(noon, 1), "newer")];
    expect(store(older, newer)).toBe("newer");
    expect(store(newer, older)).toBe("newer");
  });

  it("compares moments, not texts: Step Functions leaves out milliseconds that are zero", () => {
    const [older, newer] = [
      at("2026-11-20T12:00:00Z", "older"),
      at("2026-11-20T12:00:00.500Z", "newer"),
    ];
    expect(store(older, newer)).toBe("newer");
    expect(store(newer, older)).toBe("newer");
  });

  it.each([
    ["a copy under another name", "copy-of-the-execution"],
    ["another request's execution", executionName(requestId(2), 0)],
    ["an execution that was never started by Curfew", executionName(requestId(1), 7)],
    ["nobody knows which", undefined],
  ])("does not store the token of %s", (_, execution) => {
    const own = at(noon, "own");
    const other = wait(
      { ...waiting, enteredAt: addSeconds(noon, 1), token: "other", execution },
      now,
    );
    expect(store(own, other)).toBe("own");
    expect(store(other)).toBeUndefined();
  });

  it("stores the token of the newest execution only", () => {
    const followed = aRequest({ status: "active", execution: 1 });
    expect(wait(waiting, now)(followed)).toBeUndefined();
    const next = { ...waiting, execution: executionName(requestId(1), 1) };
    expect(wait(next, now)(followed)?.waiting).toEqual(next);
  });

  it("stores no token from the future, and does not keep one, but allows for clocks that differ", () => {
    const future = "2099-01-01T00:00:00.000Z";
    expect(store(at(noon, "own"), at(future, "forged"))).toBe("own");
    const stored = { ...request, waiting: { ...waiting, token: "forged", enteredAt: future } };
    expect(at(noon, "own")(stored)?.waiting?.token).toBe("own");
    expect(store(at(noon, "own"), at(timestamp(now + 2_000), "ahead"))).toBe("ahead");
  });
});

describe("the next execution", () => {
  it("follows the one that was found dead", () => {
    expect(startNextExecution(2)(aRequest({ execution: 2 }))?.execution).toBe(3);
  });

  it("is not started twice when two find the same one dead", () => {
    expect(startNextExecution(2)(aRequest({ execution: 3 }))).toBeUndefined();
  });
});

describe("what is published", () => {
  it("is marked forwards only", () => {
    expect(markPublished(2)(aRequest({ published: 1 }))?.published).toBe(2);
    expect(markPublished(1)(aRequest({ published: 2 }))).toBeUndefined();
  });
});
