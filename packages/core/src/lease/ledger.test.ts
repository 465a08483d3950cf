import { describe, expect, it } from "vitest";
import { aLease, alice, anAccess, noon, requestId } from "../testing/index.ts";
import { addSeconds, milliseconds } from "../time.ts";
import { Lease } from "./lease.ts";
import {
  close,
  forget,
  hold,
  isLocked,
  listLag,
  lock,
  looked,
  mayBeLag,
  newLease,
  open,
  reached,
  release,
  remember,
  send,
  settle,
  unlock,
} from "./ledger.ts";

const now = milliseconds(noon);
const [first, second] = [requestId(1), requestId(2)];
const mine = anAccess({ session: { name: second, sourceIdentity: alice.email } });
const claim = { owner: "attempt-1", until: now + 90_000 };
const lockedUntil = (seconds: number): Partial<Lease> => ({
  lock: { owner: "somebody", until: addSeconds(noon, seconds) },
});

describe("a new lease", () => {
  it("is closed, held by nobody and valid", () => {
    const lease = newLease("key", first, anAccess(), now);
    expect(Lease.parse(lease)).toEqual(
      aLease({ key: "key", state: "closed", holders: [], closedAt: noon }),
    );
  });
});

describe("the lock of a lease", () => {
  it("is taken where there is none", () => {
    expect(lock(aLease(), claim, now)?.lock).toEqual({
      owner: "attempt-1",
      until: addSeconds(noon, 90),
    });
  });

  it("is not taken from somebody whose time has not run out", () => {
    expect(lock(aLease(lockedUntil(1)), claim, now)).toBeUndefined();
  });

  it("is not taken twice by the same owner", () => {
    const locked = lock(aLease(), claim, now);
    expect(locked && lock(locked, claim, now)).toBeUndefined();
  });

  it("is taken over at the moment at which it runs out", () => {
    expect(isLocked(aLease(lockedUntil(0)), now)).toBe(false);
    expect(lock(aLease(lockedUntil(0)), claim, now)?.lock?.owner).toBe("attempt-1");
  });

  it("leaves nothing behind when it is given back", () => {
    expect(unlock(aLease(lockedUntil(60)))).toEqual(aLease());
  });
});

describe("holding a lease", () => {
  it("claims a closed one: standing access is not known, and what was pending is over", () => {
    const closed = aLease({ state: "closed", standing: true, removedAt: noon });
    expect(hold(closed, second)).toEqual(
      aLease({
        state: "opening",
        holders: [second],
        opener: second,
        removedAt: noon,
      }),
    );
  });

  it.each(["opening", "open"] as const)("joins those who hold one that is %s", (state) => {
    const lease = aLease({ state, standing: true, pending: ["operation-1"] });
    expect(hold(lease, second)).toEqual({ ...lease, holders: [first, second] });
  });

  it.each(["opening", "open"] as const)(
    "changes nothing for a holder of one that is %s",
    (state) => {
      const lease = aLease({ state });
      expect(hold(lease, first)).toBe(lease);
    },
  );

  it("is refused while it is being released", () => {
    expect(() => hold(aLease({ state: "releasing" }), second)).toThrow("being released");
  });
});

describe("opening a lease", () => {
  it.each([true, false])("notes whether the access was standing (%s)", (standing) => {
    const opened = open(aLease({ state: "opening" }), standing, mine);
    expect(opened).toEqual(aLease({ state: "open", standing, access: mine }));
  });
});

describe("a way to the access that has worked", () => {
  it("is taken on", () => {
    expect(reached(aLease(), mine)).toEqual(aLease({ access: mine }));
  });

  it("changes nothing where it is known", () => {
    const lease = aLease();
    expect(reached(lease, anAccess())).toBe(lease);
  });
});

describe("access that is seen before anything was granted", () => {
  it("may be our own for two minutes after we took it away", () => {
    const lease = aLease({ removedAt: noon });
    expect(mayBeLag(lease, now)).toBe(true);
    expect(mayBeLag(lease, now + listLag - 1)).toBe(true);
    expect(mayBeLag(lease, now + listLag)).toBe(false);
  });

  it("was there before us where we never took any away", () => {
    expect(mayBeLag(aLease(), now)).toBe(false);
  });
});

describe("operations in flight", () => {
  it("are remembered once", () => {
    const lease = remember(aLease(), "operation-1");
    expect(lease.pending).toEqual(["operation-1"]);
    expect(remember(lease, "operation-1")).toBe(lease);
  });

  it("notes when a creation is sent, and the operation that answers it", () => {
    const sent = send(send(aLease({ pending: ["operation-1"] }), noon), addSeconds(noon, 1));
    expect(sent.unanswered).toEqual([noon, addSeconds(noon, 1)]);
    const settled = settle(sent, noon, "operation-2");
    expect(settled).toMatchObject({
      pending: ["operation-1", "operation-2"],
      unanswered: [addSeconds(noon, 1)],
    });
    expect(settle(settled, addSeconds(noon, 1), undefined)).toMatchObject({
      pending: ["operation-1", "operation-2"],
      unanswered: [],
    });
  });

  it("settles one of two creations that were sent in the same millisecond", () => {
    const sent = send(send(aLease(), noon), noon);
    expect(settle(sent, noon, undefined).unanswered).toEqual([noon]);
  });

  it("keeps an unanswered creation through the end of the lease and its next opening, until the re-check", () => {
    const closed = close(send(aLease(), noon), Date.parse(noon), true);
    expect(hold(closed, requestId(2)).unanswered).toEqual([noon]);
    expect(looked(closed, now, false)).toMatchObject({ unanswered: [] });
    expect(looked(closed, now + 1_000, true).removedAt).toBe(addSeconds(noon, 1));
  });

  it("are forgotten one by one", () => {
    const lease = aLease({ pending: ["operation-1", "operation-2"] });
    expect(forget(lease, "operation-1").pending).toEqual(["operation-2"]);
    expect(forget(lease, "operation-3").pending).toEqual(lease.pending);
  });
});

describe("releasing a lease", () => {
  it.each(["opening", "open"] as const)("leaves one that is %s to the other holders", (state) => {
    const shared = aLease({ state, holders: [first, second] });
    expect(release(shared, first, now)).toEqual({ ...shared, holders: [second] });
  });

  it("begins to take away in the same write in which the last holder goes", () => {
    expect(release(aLease({ pending: ["operation-1"] }), first, now)).toEqual(
      aLease({ state: "releasing", releasedAt: noon, pending: ["operation-1"] }),
    );
  });

  it("closes one that was only opening, for nothing can have been granted", () => {
    expect(release(aLease({ state: "opening" }), first, now)).toEqual(
      aLease({ state: "closed", closedAt: noon }),
    );
  });

  it("does not take the access from those who hold it when somebody lets go who does not", () => {
    expect(release(aLease(), second, now)).toEqual(aLease());
  });

  it.each(["releasing", "closed"] as const)("goes no further on one that is %s", (state) => {
    expect(release(aLease({ state }), first, now)).toEqual(aLease({ state }));
  });
});

describe("closing a lease", () => {
  const releasing = aLease({ state: "releasing", pending: ["operation-1"], ...lockedUntil(60) });

  it("notes when access was taken away, for a List that lags", () => {
    expect(close(releasing, now, true)).toEqual(
      aLease({
        state: "closed",
        removedAt: noon,
        lookAt: addSeconds(noon, 900),
        closedAt: noon,
        ...lockedUntil(60),
      }),
    );
  });

  it("keeps what is known about an earlier removal where there was nothing to take away", () => {
    const earlier = addSeconds(noon, -60);
    expect(close({ ...releasing, removedAt: earlier }, now, false).removedAt).toBe(earlier);
    expect(close(releasing, now, false)).not.toHaveProperty("removedAt");
  });
});
