import { describe, expect, it } from "vitest";
import { openStore } from "../store.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createCallers } from "./credentials.ts";

const session = {
  accountId: "666666666666",
  roleArn: "arn:aws:iam::666666666666:role/curfew/curfew-sandbox-escalate",
  sessionName: "i-1",
  sourceIdentity: "alice",
};

const start = (store = openStore(":memory:"), clock = createManualClock()) => ({
  store,
  clock,
  callers: createCallers({
    store,
    clock,
    accounts: ["111111111111", "666666666666"],
    managementAccount: "111111111111",
  }),
});

describe("issued keys", () => {
  it("are those of the role's session, after a restart, too", () => {
    const { store, clock, callers } = start();
    const { accessKeyId, sessionToken } = callers.issue(session, 900);
    expect(start(store, clock).callers.resolve(accessKeyId, sessionToken)).toEqual({
      ...session,
      arn: "arn:aws:sts::666666666666:assumed-role/curfew-sandbox-escalate/i-1",
      administrator: false,
    });
  });

  it("are unknown with the token of other keys", () => {
    const { callers } = start();
    const { accessKeyId } = callers.issue(session, 900);
    const other = callers.issue(session, 900);
    expect(callers.resolve(accessKeyId, other.sessionToken)).toBe("unknown");
  });

  it("expire to the millisecond", async () => {
    const { clock, callers } = start();
    const { accessKeyId, sessionToken, expiration } = callers.issue(session, 900);
    expect(expiration.getTime()).toBe(clock.now() + 900_000);
    await clock.advance(899_999);
    expect(callers.resolve(accessKeyId, sessionToken)).toMatchObject({ sessionName: "i-1" });
    await clock.advance(1);
    expect(callers.resolve(accessKeyId, sessionToken)).toBe("expired");
  });

  it("are forgotten a day after they expired", async () => {
    const { store, clock, callers } = start();
    const { accessKeyId, sessionToken } = callers.issue(session, 900);
    await clock.advance(900_000 + 24 * 3600_000 + 1);
    expect(start(store, clock).callers.resolve(accessKeyId, sessionToken)).toBe("unknown");
  });

  it("leave neither secret nor token in the state", () => {
    const { store, callers } = start();
    const { secretAccessKey, sessionToken } = callers.issue(session, 900);
    const kept = JSON.stringify(store.collection("sessions").list());
    expect(kept).toContain("i-1");
    expect(kept).not.toContain(secretAccessKey);
    expect(kept).not.toContain(sessionToken);
  });
});
