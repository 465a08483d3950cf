import { beforeEach, describe, expect, it } from "vitest";
import { actorOf, type Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import {
  aConfig,
  alice,
  aRequest,
  aWorld,
  carol,
  groups,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
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

  it("comes too late once the time to decide is over", async () => {
    await pending({ lapsesAt: noon });
    await expect(cancel(alice)).rejects.toMatchObject({ code: "request.wrong-state" });
    expect(world.request().status).toBe("lapsed");
  });
});
