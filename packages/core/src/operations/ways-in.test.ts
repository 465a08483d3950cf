import { beforeEach, describe, expect, it } from "vitest";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { Ports } from "../ports/index.ts";
import type { Subject } from "../ports/strategy.ts";
import type { Access } from "../request/access.ts";
import {
  anAccess,
  aRequest,
  assignmentOf,
  aWorld,
  endAccess,
  grantAccess,
  requestId,
  type World,
} from "../testing/index.ts";
import { deescalate } from "./deescalate.ts";
import { lookAgain } from "./look-again.ts";

const [first, second] = [requestId(1), requestId(2)];
const assignment = assignmentOf(anAccess());

const through = (roleArn: string): Access => {
  const access = anAccess();
  return { ...access, integration: { ...access.integration, roleArn } };
};
const oldWay = through("arn:aws:iam::111111111111:role/curfew/Old");
const newWay = through("arn:aws:iam::111111111111:role/curfew/New");

/** The same world, in which one connector's role can be assumed and may do nothing. */
const without = (world: World, { integration }: Access): World => {
  const guarded =
    <T extends unknown[], R>(call: (subject: Subject, ...rest: T) => Promise<R>) =>
    async (subject: Subject, ...rest: T): Promise<R> => {
      if (subject.access.integration.roleArn === integration.roleArn)
        throw new WorkflowError(workflowErrors.escalationFailed, "The role may not do that.");
      return call(subject, ...rest);
    };
  const strategy: Ports["strategy"] = (name) => {
    const { inspect, escalate, deescalate: takeAway, ...kept } = world.ports.strategy(name);
    return {
      ...kept,
      inspect: guarded(inspect),
      escalate: guarded(escalate),
      deescalate: guarded(takeAway),
    };
  };
  return { ...world, ports: { ...world.ports, strategy } };
};

let world: World;
beforeEach(async () => {
  world = aWorld();
  await world.store({
    requests: [aRequest({ id: first, access: oldWay }), aRequest({ id: second, access: newWay })],
  });
});

describe("two requests that know different ways into the account", () => {
  it("the later one's works no more than to join: the access ends by the earlier one's", async () => {
    await grantAccess(world, first);
    const broken = without(world, newWay);
    await expect(grantAccess(broken, second)).rejects.toThrow("may not do that");
    await deescalate(broken.ports, second, world.deadline());
    await endAccess(broken, first);
    expect(world.request(first).status).toBe("ended");
    expect(world.service.has(assignment)).toBe(false);
  });

  it("the earlier one's role is gone meanwhile: the access ends by the later one's", async () => {
    await grantAccess(world, first);
    await grantAccess(world, second);
    const gone = without(world, oldWay);
    await endAccess(gone, second);
    await endAccess(gone, first);
    expect(world.request(first).status).toBe("ended");
    expect(world.service.has(assignment)).toBe(false);
  });

  it("the earlier one's never worked: the access that the later one began to give ends by its own", async () => {
    const broken = without(world, oldWay);
    await expect(grantAccess(broken, first)).rejects.toThrow("may not do that");
    world.service.failNext(1);
    await expect(grantAccess(broken, second)).rejects.toThrow("could not");
    await deescalate(broken.ports, first, world.deadline());
    await deescalate(broken.ports, second, world.deadline());
    expect(world.request(second).status).toBe("failed");
    expect(world.lease().state).toBe("closed");
  });

  it("the later one's never worked: the look for what came back goes by the earlier one's", async () => {
    await grantAccess(world, first);
    await endAccess(world, first);
    world.clock.advance(180);
    const broken = without(world, newWay);
    await expect(grantAccess(broken, second)).rejects.toThrow("may not do that");
    await deescalate(broken.ports, second, world.deadline());
    world.clock.advance(900);
    await lookAgain(broken.ports, world.lease(), world.deadline());
    expect(world.lease()).not.toHaveProperty("lookAt");
  });
});
