import { describe, expect, it } from "vitest";
import { lambdaServiceErrors } from "./error-names.ts";
import { DeescalateInput, TaskInput, TokenTaskInput } from "./schemas.ts";
import { stateNames as name } from "./states.ts";
import { anInput } from "./testing/fixtures.ts";
import { type Act, runOnOracle, type Script } from "./testing/oracle.ts";

const nothing: Act = { answer: {} };
const fails = (error: string): Act => ({ error });
const answers = (payload: unknown): Act => ({ answer: { Payload: payload, StatusCode: 200 } });
const gone = answers({ due: true, seconds: 1 });
const notDue = answers({ due: false, seconds: 60 });

/** Everything goes well, and time runs out at the exact end. */
const well: Script = {
  [name.waitForApproval]: [nothing],
  [name.decided]: [answers({})],
  [name.armRevocation]: [answers({})],
  [name.escalate]: [answers({ seconds: 600 })],
  [name.waitForExpiry]: [{ answer: { seconds: 30 } }],
  [name.waitOutTheMinute]: [fails("States.Timeout")],
  [name.deescalate]: [gone],
};
const approval = anInput({ enter: "approval" });
const escalation = anInput({ enter: "escalation" });
const end = [name.deescalate, name.due, name.done];

describe("a request that needs approval", () => {
  it("goes through every step to its end", async () => {
    const run = await runOnOracle(approval, well);
    expect(run.outcome).toBe("succeeded");
    expect(run.states).toEqual([
      name.route,
      name.waitForApproval,
      name.decided,
      name.escalate,
      name.waitForExpiry,
      name.waitOutTheMinute,
      ...end,
    ]);
  });

  it("ends without escalating when it is not approved", async () => {
    const run = await runOnOracle(approval, { ...well, [name.decided]: [fails("NotApproved")] });
    expect(run.outcome).toBe("succeeded");
    expect(run.states).toEqual([name.route, name.waitForApproval, name.decided, name.done]);
  });

  it.each(["States.Timeout", "Lambda.Unknown", "TypeError"])(
    "asks for the stored decision when the wait ends with %s",
    async (error) => {
      const run = await runOnOracle(approval, { ...well, [name.waitForApproval]: [fails(error)] });
      expect(run.states.slice(1, 4)).toEqual([name.waitForApproval, name.decided, name.escalate]);
    },
  );

  it("pauses and waits again after a signal without a decision", async () => {
    const decided = [fails("Undecided"), answers({})];
    const run = await runOnOracle(approval, { ...well, [name.decided]: decided });
    expect(run.states.slice(1, 6)).toEqual([
      name.waitForApproval,
      name.decided,
      name.pauseBeforeApproval,
      name.waitForApproval,
      name.decided,
    ]);
  });

  it("waits for its start when it is approved before it, and is armed then", async () => {
    const run = await runOnOracle(approval, { ...well, [name.decided]: [fails("NotYet")] });
    expect(run.states.slice(2, 6)).toEqual([
      name.decided,
      name.waitForStart,
      name.armRevocation,
      name.escalate,
    ]);
  });

  it("fails when its decision cannot be read, so that the next execution takes over", async () => {
    const run = await runOnOracle(approval, { ...well, [name.decided]: [fails("TypeError")] });
    expect(run.outcome).toEqual({ failed: "TypeError" });
    expect(run.states).not.toContain(name.escalate);
  });
});

describe("a request that needs no approval", () => {
  it("is armed at once", async () => {
    const run = await runOnOracle(escalation, well);
    expect(run.states.slice(0, 2)).toEqual([name.route, name.armRevocation]);
    expect(run.outcome).toBe("succeeded");
  });

  it("waits for its start and is armed then, as often as it is woken too early", async () => {
    const script = {
      ...well,
      [name.armRevocation]: [fails("NotYet"), fails("NotYet"), answers({})],
    };
    const run = await runOnOracle(escalation, script);
    expect(run.states.slice(1, 7)).toEqual([
      name.armRevocation,
      name.waitForStart,
      name.armRevocation,
      name.waitForStart,
      name.armRevocation,
      name.escalate,
    ]);
    expect(run.outcome).toBe("succeeded");
  });

  it("ends without a grant when it was released before its start", async () => {
    const script = { ...well, [name.armRevocation]: [fails("NotYet"), fails("CurfewError")] };
    const run = await runOnOracle(escalation, script);
    expect(run.states.slice(1)).toEqual([
      name.armRevocation,
      name.waitForStart,
      name.armRevocation,
      ...end,
    ]);
  });

  it("is deescalated without a grant when arming fails", async () => {
    const run = await runOnOracle(escalation, { ...well, [name.armRevocation]: [fails("Odd")] });
    expect(run.states).toEqual([name.route, name.armRevocation, ...end]);
    expect(run.payloads[name.escalate]).toBeUndefined();
  });

  it.each(["ServiceUnavailable", ...lambdaServiceErrors])(
    "tries to arm again after %s",
    async (error) => {
      const arming = [fails(error), answers({})];
      const run = await runOnOracle(escalation, { ...well, [name.armRevocation]: arming });
      expect(run.payloads[name.armRevocation]).toHaveLength(2);
      expect(run.states).toContain(name.escalate);
    },
  );
});

describe("escalating", () => {
  it.each(["LeaseBusy", "StillProvisioning", "ServiceUnavailable", ...lambdaServiceErrors])(
    "is tried again after %s",
    async (error) => {
      const escalating = [fails(error), fails(error), answers({ seconds: 600 })];
      const run = await runOnOracle(escalation, { ...well, [name.escalate]: escalating });
      expect(run.payloads[name.escalate]).toHaveLength(3);
      expect(run.states).toContain(name.waitForExpiry);
    },
  );

  it.each(["EscalationFailed", "GrantRefused", "AWS:ASSUME_ROLE_FAILED", "TypeError"])(
    "is followed by deescalating after %s, which may have granted",
    async (error) => {
      const run = await runOnOracle(escalation, { ...well, [name.escalate]: [fails(error)] });
      expect(run.payloads[name.escalate]).toHaveLength(1);
      expect(run.states.slice(2)).toEqual([name.escalate, ...end]);
      const { input } = DeescalateInput.parse(run.payloads[name.deescalate]?.[0]);
      expect(input.error?.Error).toBe(error);
    },
  );

  it("is followed by deescalating when the retries are used up", async () => {
    const run = await runOnOracle(escalation, { ...well, [name.escalate]: [fails("LeaseBusy")] });
    expect(run.payloads[name.escalate]).toHaveLength(101);
    expect(run.states.slice(2)).toEqual([name.escalate, ...end]);
  });
});

describe("waiting for expiry", () => {
  it("is followed by deescalating when the schedule has not signalled in time", async () => {
    const expiry = { [name.waitForExpiry]: [fails("States.Timeout")] };
    const run = await runOnOracle(escalation, { ...well, ...expiry });
    expect(run.states.slice(3)).toEqual([name.waitForExpiry, ...end]);
  });

  it.each([name.waitForExpiry, name.waitOutTheMinute])(
    "pauses before deescalating when %s cannot store its token",
    async (wait) => {
      const run = await runOnOracle(escalation, { ...well, [wait]: [fails("TypeError")] });
      expect(run.states.slice(-5)).toEqual([wait, name.pauseBeforeDeescalation, ...end]);
    },
  );

  it("is followed by deescalating when the last minute is cut short", async () => {
    const run = await runOnOracle(escalation, { ...well, [name.waitOutTheMinute]: [nothing] });
    expect(run.states.slice(-4)).toEqual([name.waitOutTheMinute, ...end]);
  });

  it("begins again when it is not due, extended meanwhile", async () => {
    const run = await runOnOracle(escalation, { ...well, [name.deescalate]: [notDue, gone] });
    expect(run.states.slice(3)).toEqual([
      name.waitForExpiry,
      name.waitOutTheMinute,
      name.deescalate,
      name.due,
      name.waitForExpiry,
      name.waitOutTheMinute,
      ...end,
    ]);
  });
});

describe("a recovery", () => {
  const recovery = anInput({ enter: "deescalation", k: 1 });

  it("enters at Deescalate", async () => {
    const run = await runOnOracle(recovery, well);
    expect(run.states).toEqual([name.route, ...end]);
  });

  it("goes on waiting when it is not due", async () => {
    const run = await runOnOracle(recovery, { ...well, [name.deescalate]: [notDue, gone] });
    expect(run.states.slice(0, 4)).toEqual([
      name.route,
      name.deescalate,
      name.due,
      name.waitForExpiry,
    ]);
    expect(run.outcome).toBe("succeeded");
  });
});

describe("deescalating", () => {
  it.each(["DeescalationFailed", "LeaseBusy", "States.Timeout", "TypeError"])(
    "is tried again after %s",
    async (error) => {
      const deescalating = [fails(error), fails(error), fails(error), gone];
      const run = await runOnOracle(escalation, { ...well, [name.deescalate]: deescalating });
      expect(run.payloads[name.deescalate]).toHaveLength(4);
      expect(run.outcome).toBe("succeeded");
    },
  );

  it.each(["Lambda.ResourceNotFoundException", "Lambda.AccessDeniedException"])(
    "fails the execution at once after %s",
    async (error) => {
      const run = await runOnOracle(escalation, { ...well, [name.deescalate]: [fails(error)] });
      expect(run.payloads[name.deescalate]).toHaveLength(1);
      expect(run.outcome).toEqual({ failed: error });
    },
  );

  it("fails the execution after 300 attempts more, a day later", async () => {
    const run = await runOnOracle(escalation, { ...well, [name.deescalate]: [fails("Stuck")] });
    expect(run.payloads[name.deescalate]).toHaveLength(301);
    expect(run.outcome).toEqual({ failed: "Stuck" });
  });
});

describe("payloads", () => {
  it("are what the functions parse, in every state", async () => {
    const { payloads } = await runOnOracle(approval, {
      ...well,
      [name.deescalate]: [notDue, gone],
    });
    const { startAt: _, ...read } = approval;
    const waits: string[] = [name.waitForApproval, name.waitForExpiry, name.waitOutTheMinute];
    expect(Object.keys(payloads)).toHaveLength(6);
    for (const [state, calls] of Object.entries(payloads)) {
      const schema = waits.includes(state) ? TokenTaskInput : TaskInput;
      for (const payload of calls) {
        const parsed = schema.parse(payload);
        expect(parsed.input).toEqual(read);
        expect(parsed.execution).toBe(`${approval.request}.0`);
      }
    }
  });
});
