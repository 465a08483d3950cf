import { beforeEach, describe, expect, it } from "vitest";
import { WorkflowError } from "../errors/workflow-errors.ts";
import {
  aConfig,
  anAccess,
  aRequest,
  assignmentOf,
  aWorld,
  bob,
  faultOf,
  grantAccess,
  requestId,
  type World,
} from "../testing/index.ts";
import { deescalate } from "./deescalate.ts";
import { escalate } from "./escalate.ts";

const first = requestId(1);
const assignment = assignmentOf(anAccess());
let world: World;
beforeEach(() => {
  world = aWorld();
});

const changes = (): string[] => world.service.changes.map(({ kind }) => kind);
const failure = (name: string) => expect.objectContaining({ name });

describe("escalating what the configuration allows no more", () => {
  it("grants nothing, calls no service, and fails with the reason once it is deescalated", async () => {
    world = aWorld({ config: aConfig({ flows: {} }) });
    await world.store({ requests: [aRequest()] });
    const reason = "The configuration of now does not allow it: There is no flow production.";
    await expect(grantAccess(world, first)).rejects.toMatchObject({
      name: "GrantRefused",
      message: reason,
    });
    await deescalate(world.ports, first, world.deadline(), {
      name: "GrantRefused",
      message: reason,
    });
    expect(world.request()).toMatchObject({
      status: "failed",
      errors: [`GrantRefused: ${reason}`],
    });
    expect(changes()).toEqual([]);
    expect(world.leases.all()).toEqual([]);
  });

  it("looks up the requester's groups again", async () => {
    world = aWorld({ groups: { engineers: [bob.id], approvers: [bob.id] } });
    await world.store({ requests: [aRequest()] });
    await expect(grantAccess(world, first)).rejects.toEqual(failure("GrantRefused"));
    expect(changes()).toEqual([]);
  });

  it("comes back when the directory does not answer", async () => {
    await world.store({ requests: [aRequest()] });
    const error = new WorkflowError("ServiceUnavailable", "Throttled.");
    const { ports } = world.invocation(faultOf("directory.groupsOf", { when: "before", error }));
    await expect(grantAccess({ ...world, ports }, first)).rejects.toBe(error);
    await escalate(world.ports, world.config, first, world.deadline());
    expect(world.request().status).toBe("active");
  });

  it("leaves alone what is active already", async () => {
    await world.store({ requests: [aRequest()] });
    await grantAccess(world, first);
    const config = aConfig({ flows: {} });
    await escalate(world.ports, config, first, world.deadline());
    expect(world.request().status).toBe("active");
  });

  it("takes away what an earlier attempt has given", async () => {
    await world.store({ requests: [aRequest()] });
    world.service.timing.operation = 45_000;
    await expect(grantAccess(world, first)).rejects.toEqual(failure("StillProvisioning"));
    world.clock.advance(60);
    world.service.timing.operation = 1_000;
    const config = aConfig({ flows: {} });
    await expect(escalate(world.ports, config, first, world.deadline())).rejects.toEqual(
      failure("GrantRefused"),
    );
    await deescalate(world.ports, first, world.deadline(), {
      name: "GrantRefused",
      message: "Not allowed.",
    });
    expect(world.service.has(assignment)).toBe(false);
    expect(world.request().status).toBe("failed");
  });
});
