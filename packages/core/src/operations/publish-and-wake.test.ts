import { beforeEach, describe, expect, it } from "vitest";
import type { Ports } from "../ports/index.ts";
import {
  aConfig,
  alice,
  aRequest,
  aWorld,
  bob,
  groups,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { armRevocation } from "./arm-revocation.ts";
import { cancelRequest } from "./cancel-request.ts";
import { approveRequest, denyRequest } from "./decide-approval.ts";
import { drain } from "./drain.ts";
import { revokeRequest } from "./revoke-request.ts";

const id = requestId(1);
const config = aConfig();
const waiting = { state: "Wait for approval", token: "token", enteredAt: noon };

let world: World;
beforeEach(async () => {
  world = aWorld({ config, groups });
});

/** Does something while each signal wakes the workflow beside it. Publishing takes a while. */
const besideWorkflow = async (act: (ports: Ports) => Promise<unknown>): Promise<void> => {
  const woken: Promise<unknown>[] = [];
  const { ports } = world.invocation(async ({ name }) => {
    if (name === "workflow.signal") woken.push(armRevocation(ports, id).catch(() => {}));
    if (name === "publisher.publish") await new Promise(setImmediate);
    return undefined;
  });
  await act(ports);
  await Promise.all(woken);
};
const pending = () =>
  world.store({ requests: [aRequest({ status: "pending_approval", waiting })] });
const published = (): string[] => world.publisher.published.map(({ message }) => message.event);

describe("an ending, and the workflow that it wakes", () => {
  it.each([
    ["request.denied", (ports: Ports) => denyRequest(ports, config, bob, id)],
    ["request.cancelled", (ports: Ports) => cancelRequest(ports, config, alice, id)],
    ["request.cancelled", (ports: Ports) => drain(ports, { patience: 0, report: () => {} })],
  ])("publish %s once between them", async (event, act) => {
    await pending();
    await besideWorkflow(act);
    expect(world.workflow.signals).not.toEqual([]);
    expect(published()).toEqual([event]);
  });

  it("publish the revocation of what was only approved once between them", async () => {
    await world.store({ requests: [aRequest({ waiting })] });
    await besideWorkflow((ports) => revokeRequest(ports, config, alice, id));
    expect(published()).toEqual(["request.revoked", "access.ended"]);
  });
});

describe("an approval", () => {
  it("wakes the workflow before it is published: access does not wait for the topics", async () => {
    await pending();
    const order: string[] = [];
    const { ports } = world.invocation(({ name }) => {
      if (/signal|publish/.test(name)) order.push(name);
      return undefined;
    });
    await approveRequest(ports, config, bob, id);
    expect(order).toEqual(["workflow.signal", "publisher.publish"]);
  });
});

describe("a revocation of active access", () => {
  it("wakes the workflow before it is published: the end does not wait for the topics", async () => {
    await world.store({ requests: [aRequest({ status: "active", waiting })] });
    const order: string[] = [];
    const { ports } = world.invocation(({ name }) => {
      if (/signal|publish/.test(name)) order.push(name);
      return undefined;
    });
    await revokeRequest(ports, config, alice, id);
    expect(order).toEqual(["workflow.signal", "publisher.publish"]);
  });
});
