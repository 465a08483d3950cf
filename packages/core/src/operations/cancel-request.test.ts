import { beforeEach, describe, expect, it } from "vitest";
import { whyNotGrant } from "../request/lifecycle.ts";
import { actorOf, type Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import {
  aConfig,
  alice,
  aRequest,
  aWorld,
  bob,
  carol,
  groups,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { cancelRequest } from "./cancel-request.ts";

const id = requestId(1);
const waiting = { state: "Wait for approval", token: "token", enteredAt: noon };
const config = aConfig({ admins: { groups: ["admins"] } });
let world: World;
beforeEach(() => {
  world = aWorld({ config, groups: { ...groups, admins: [carol.id] } });
});

const pending = (given: Partial<Request> = {}): Promise<void> =>
  world.store({ requests: [aRequest({ status: "pending_approval", waiting, ...given })] });
const cancel = (person: Person, message?: string) =>
  cancelRequest(world.ports, config, person, id, message);

describe("cancelling", () => {
  it.each([alice, carol])("ends what nobody has decided on, by $email", async (person) => {
    await pending();
    const request = await cancel(person, "Not needed");
    expect(request).toMatchObject({ status: "cancelled", approvals: [] });
    expect(request.history.at(-1)).toMatchObject({
      event: "request.cancelled",
      actor: actorOf(person),
      message: "Not needed",
    });
    expect(world.workflow.signals).toEqual([{ token: "token", seconds: 1 }]);
    expect(world.publisher.published.map(({ message }) => message.event)).toEqual([
      "request.cancelled",
    ]);
  });

  it("is fine once more for the same person, and wakes the workflow once more", async () => {
    await pending();
    await cancel(alice);
    const again = await cancel(alice);
    expect(again.history).toHaveLength(2);
    expect(world.workflow.signals).toHaveLength(2);
  });

  it("is refused to another person afterwards", async () => {
    await pending();
    await cancel(alice);
    await expect(cancel(carol)).rejects.toMatchObject({
      code: "request.wrong-state",
      message: "A request that is cancelled cannot be cancelled.",
    });
  });

  describe("what was approved and not given yet", () => {
    const later = { startAt: addSeconds(noon, 3_600) };

    it.each([
      ["the requester", alice, "released"],
      ["an admin", carol, "revoked"],
    ])("ends it at once while nothing is armed, by %s", async (_, person, endReason) => {
      await world.store({ requests: [aRequest(later)] });
      const request = await cancel(person, "Not needed");
      expect(request).toMatchObject({ status: "ended", endReason });
      expect((await cancel(person)).status).toBe("ended");
    });

    it("asks for its end while it is armed, and nothing is granted any more", async () => {
      const armed = { at: noon, grantBy: addSeconds(noon, 900) };
      await world.store({ requests: [aRequest({ armed, waiting })] });
      const request = await cancel(alice);
      expect(request).toMatchObject({ status: "approved", endRequested: { reason: "released" } });
      expect(whyNotGrant({ ...request, status: "escalating" }, world.clock.now())).toBeDefined();
    });

    it("is refused to an approver, who may revoke it", async () => {
      await world.store({ requests: [aRequest(later)] });
      await expect(cancel(bob)).rejects.toMatchObject({ code: "request.not-allowed" });
    });

    it.each(["escalating", "active", "deescalating"] as const)(
      "comes too late when it is %s",
      async (status) => {
        await world.store({ requests: [aRequest({ status })] });
        await expect(cancel(alice)).rejects.toMatchObject({ code: "request.wrong-state" });
        expect(world.request().endRequested).toBeUndefined();
      },
    );
  });

  it("comes too late once the time to decide is over", async () => {
    await pending({ lapsesAt: noon });
    await expect(cancel(alice)).rejects.toMatchObject({ code: "request.wrong-state" });
    expect(world.request().status).toBe("lapsed");
  });
});
