import { describe, expect, it } from "vitest";
import { executionName } from "../ids.ts";
import {
  alice,
  aRequest,
  aWorld,
  bob,
  carol,
  heldAtEveryCall,
  outcome,
  requestId,
  type World,
} from "../testing/index.ts";
import { milliseconds } from "../time.ts";
import { armRevocation } from "./arm-revocation.ts";
import { awaitApproval } from "./await-signal.ts";
import { cancelRequest } from "./cancel-request.ts";
import { approveRequest, denyRequest } from "./decide-approval.ts";

const id = requestId(1);

describe("the interleavings of decisions", () => {
  const decisions = {
    approve: (world: World, ports = world.ports) => approveRequest(ports, world.config, bob, id),
    deny: (world: World, ports = world.ports) => denyRequest(ports, world.config, carol, id),
    cancel: (world: World, ports = world.ports) => cancelRequest(ports, world.config, alice, id),
  };
  const statuses = { approve: "approved", deny: "denied", cancel: "cancelled" } as const;

  const aPendingRequest = async (): Promise<World> => {
    const world = aWorld();
    await world.store({ requests: [aRequest({ status: "pending_approval" })] });
    await awaitApproval(world.ports, id, {
      state: "Wait for approval",
      token: "token",
      execution: executionName(id, 0),
      enteredAt: world.clock.at(),
    });
    return world;
  };

  it.each([
    ["approve", "deny"],
    ["deny", "approve"],
    ["cancel", "deny"],
  ] as const)(
    "%s against %s: one is decided, whoever decided otherwise is told, and the workflow does what is stored",
    async (slow, fast) => {
      const points = await heldAtEveryCall(async (hold) => {
        const world = await aPendingRequest();
        let other: Error | undefined;
        const { ports } = world.invocation(
          hold(async () => {
            other = await outcome(() => decisions[fast](world));
          }),
        );
        const own = await outcome(() => decisions[slow](world, ports));
        if (own === undefined && other === undefined)
          other = await outcome(() => decisions[fast](world));
        const winner = own === undefined ? slow : fast;
        const loser = own ?? other;
        expect(world.request().status).toBe(statuses[winner]);
        expect(loser).toMatchObject({ code: "request.wrong-state" });
        const settled = await outcome(() => armRevocation(world.ports, id));
        if (winner === "approve") expect(settled).toBeUndefined();
        else expect(settled).toMatchObject({ name: "NotApproved" });
      });
      expect(points).toBeGreaterThan(3);
    },
  );

  it.each([
    ["approve", "cancel"],
    ["cancel", "approve"],
  ] as const)(
    "%s against %s: whichever comes first, the request is withdrawn and nothing is armed",
    async (slow, fast) => {
      const points = await heldAtEveryCall(async (hold) => {
        const world = await aPendingRequest();
        const outcomes = new Map<string, Error | undefined>();
        const { ports } = world.invocation(
          hold(async () => {
            outcomes.set(fast, await outcome(() => decisions[fast](world)));
          }),
        );
        outcomes.set(slow, await outcome(() => decisions[slow](world, ports)));
        if (!outcomes.has(fast)) outcomes.set(fast, await outcome(() => decisions[fast](world)));
        expect(outcomes.get("cancel")).toBeUndefined();
        const wasApproved = world.request().approvals.length > 0;
        if (!wasApproved)
          expect(outcomes.get("approve")).toMatchObject({ code: "request.wrong-state" });
        expect(world.request().status).toBe(wasApproved ? "ended" : "cancelled");
        const settled = await outcome(() => armRevocation(world.ports, id));
        expect(settled).toMatchObject({ name: "NotApproved" });
      });
      expect(points).toBeGreaterThan(3);
    },
  );

  it.each(["approve", "deny", "cancel"] as const)(
    "%s against lapse: after its time nothing is decided, before it nothing lapses",
    async (decision) => {
      await heldAtEveryCall(async (hold) => {
        const world = await aPendingRequest();
        const lapsesAt = milliseconds(world.request().lapsesAt ?? "");
        world.clock.advance((lapsesAt - world.clock.now()) / 1_000 - 1);
        // The time runs out, and the workflow looks, while somebody decides.
        const { ports } = world.invocation(
          hold(async () => {
            world.clock.advance(2);
            await outcome(() => armRevocation(world.ports, id));
          }),
        );
        const refused = await outcome(() => decisions[decision](world, ports));
        const { status, approvals } = world.request();
        if (refused === undefined) expect(status).toBe(statuses[decision]);
        else {
          expect(status).toBe("lapsed");
          expect(refused).toMatchObject({ code: "request.wrong-state" });
          expect(approvals).toEqual([]);
        }
        const settled = await outcome(() => armRevocation(world.ports, id));
        expect(settled === undefined).toBe(status === "approved");
      });
    },
  );
});
