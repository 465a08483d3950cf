import { beforeEach, describe, expect, it } from "vitest";
import { aRequest, aWorld, requestId, type World } from "../testing/index.ts";
import { settleApproval } from "./settle-approval.ts";

const id = requestId(1);
let world: World;
beforeEach(() => {
  world = aWorld();
});

const settle = () => settleApproval(world.ports, id);
const failure = (name: string) => expect.objectContaining({ name });

describe("settling an approval", () => {
  it.each(["approved", "escalating", "active", "deescalating"] as const)(
    "goes on with what is %s",
    async (status) => {
      await world.store({ requests: [aRequest({ status })] });
      await expect(settle()).resolves.toBeUndefined();
    },
  );

  it.each(["denied", "cancelled", "lapsed", "ended", "failed"] as const)(
    "is the end of what is %s",
    async (status) => {
      await world.store({ requests: [aRequest({ status })] });
      await expect(settle()).rejects.toEqual(failure("NotApproved"));
    },
  );

  it("goes back to waiting while nobody has decided, whatever woke the workflow", async () => {
    await world.store({ requests: [aRequest({ status: "pending_approval" })] });
    await expect(settle()).rejects.toEqual(failure("Undecided"));
    expect(world.request().status).toBe("pending_approval");
  });

  it("lets a request lapse whose time is over, and tells", async () => {
    await world.store({ requests: [aRequest({ status: "pending_approval" })] });
    world.clock.advance(86_400);
    await expect(settle()).rejects.toEqual(failure("NotApproved"));
    expect(world.request().status).toBe("lapsed");
    expect(world.publisher.published.map(({ message }) => message.event)).toEqual([
      "request.lapsed",
    ]);
  });

  it("leaves it to whoever approved to tell", async () => {
    await world.store({ requests: [aRequest({ status: "approved", published: 0 })] });
    await settle();
    expect(world.publisher.published).toEqual([]);
  });

  it("does not let lapse what was approved in time", async () => {
    await world.store({ requests: [aRequest({ lapsesAt: world.clock.at(-1) })] });
    await settle();
    expect(world.request().status).toBe("approved");
  });
});
