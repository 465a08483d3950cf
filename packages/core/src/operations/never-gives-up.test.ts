import { beforeEach, describe, expect, it } from "vitest";
import type { ConfigInput } from "../config/schema.ts";
import type { Ports } from "../ports/index.ts";
import {
  aConfig,
  aConfigInput,
  alice,
  anAccess,
  aRequest,
  assignmentOf,
  aWorld,
  grantAccess,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { runMachine } from "../testing/machine.ts";
import { addSeconds } from "../time.ts";
import { deescalate } from "./deescalate.ts";
import { reconcile } from "./reconcile.ts";
import { recover } from "./recover.ts";
import { revokeRequest } from "./revoke-request.ts";
import { wake, workflowStart } from "./wake.ts";

/*
 * Whatever becomes of the configuration and of people while access is active: it ends on time, from what was stored with the request.
 */

const id = requestId(1);
const assignment = assignmentOf(anAccess());
const gone = new Error("ResourceNotFoundException: USER not found");

let world: World;
beforeEach(async () => {
  world = aWorld();
  await world.store({ requests: [aRequest()] });
});

const production = (): ConfigInput["flows"][string] => {
  const { production: flow } = aConfigInput().flows;
  if (flow === undefined) throw new Error("There is no such flow.");
  return flow;
};

/** What happens while the access is active: to the configuration, and to the directory. */
const misfortunes: Record<string, { config?: Partial<ConfigInput>; nobody?: boolean }> = {
  "its flow is configured no more": { config: { flows: {} } },
  "its target is configured no more": {
    config: { targets: {}, flows: {} },
  },
  "its target stands for something else now": {
    config: {
      targets: {
        ...aConfigInput().targets,
        "prod-readonly": {
          type: "fake_permission",
          settings: { account: "prod", permission: "admin" },
        },
      },
    },
  },
  "its integration and its strategy are configured no more": {
    config: { integrations: {}, strategies: {}, targets: {}, flows: {} },
  },
  "its flow allows shorter durations only": {
    config: { flows: { production: { ...production(), duration: { max: "1m" } } } },
  },
  "its requester may not ask any more": {
    config: { flows: { production: { ...production(), requesters: { groups: ["nobody"] } } } },
  },
  "its flow has other approvers": {
    config: { flows: { production: { ...production(), approvers: { groups: ["nobody"] } } } },
  },
  "its flow has no curfew any more": {
    config: { flows: { production: { ...production(), scheduleDeescalation: false } } },
  },
  "the directory knows neither requester nor approver": { nobody: true },
  "all of that at once": { config: { integrations: {}, targets: {}, flows: {} }, nobody: true },
};

const befall = ({ config, nobody = false }: (typeof misfortunes)[string]): Ports => {
  if (config !== undefined) world.config = aConfig(config);
  const { ports } = world.invocation(({ name }) =>
    nobody && name.startsWith("directory.") ? { when: "before", error: gone } : undefined,
  );
  return ports;
};

const endedOnTime = (): void => {
  const { status, endReason, endedAt = "", expiresAt = "", errors } = world.request();
  expect({ status, endReason, errors }).toEqual({
    status: "ended",
    endReason: "expired",
    errors: [],
  });
  expect(endedAt >= expiresAt && endedAt <= addSeconds(expiresAt, 90)).toBe(true);
  expect(world.service.has(assignment)).toBe(false);
  expect(world.lease()).toMatchObject({ state: "closed", holders: [] });
};

describe.each(Object.entries(misfortunes))("access ends although %s", (_, misfortune) => {
  it("by the workflow, from the grant to the end", async () => {
    let ports = world.ports;
    world.schedules.onCreate = () => {
      if (world.request().status === "active") ports = befall(misfortune);
    };
    const never = new Promise<never>(() => undefined);
    const input = workflowStart(world.request(), world.clock.now());
    await runMachine(world, (work) => work(ports, world.deadline()), input, never);
    endedOnTime();
  });

  it("by the schedule, where the execution is dead", async () => {
    await world.ports.workflow.start(workflowStart(world.request(), 0));
    await grantAccess(world, id);
    const ports = befall(misfortune);
    world.workflow.end(id, 0);
    world.clock.advanceTo(world.request().expiresAt ?? noon);
    await wake(ports, id);
    expect(world.workflow.started.at(-1)).toMatchObject({ k: 1, enter: "deescalation" });
    await deescalate(ports, id, world.deadline());
    endedOnTime();
  });

  it("by the rule on ended executions, and by the reconciler", async () => {
    await world.ports.workflow.start(workflowStart(world.request(), 0));
    await grantAccess(world, id);
    const ports = befall(misfortune);
    world.workflow.end(id, 0);
    await recover(ports, `${id}.0`);
    world.workflow.end(id, 1);
    world.clock.advanceTo(world.request().expiresAt ?? noon);
    expect(await reconcile(ports, world.deadline())).toMatchObject({ failures: 0 });
    expect(world.workflow.started.map(({ k }) => k)).toEqual([0, 1, 2]);
    await deescalate(ports, id, world.deadline());
    endedOnTime();
  });
});

describe("access can be ended early", () => {
  it.each(["its flow is configured no more", "its target is configured no more"])(
    "by its requester although %s",
    async (name) => {
      await grantAccess(world, id);
      const ports = befall(misfortunes[name] ?? {});
      await revokeRequest(ports, world.config, alice, id);
      await deescalate(ports, id, world.deadline());
      expect(world.request()).toMatchObject({ status: "ended", endReason: "released" });
      expect(world.service.has(assignment)).toBe(false);
    },
  );
});

describe("a release that fails for hours", () => {
  it("is reported as late and as stuck, and ends all the same", async () => {
    await grantAccess(world, id);
    world.clock.advanceTo(world.request().expiresAt ?? noon);
    const error = new Error("AccessDeniedException");
    const { ports } = world.invocation(({ name }) =>
      name === "service.delete" ? { when: "before", error } : undefined,
    );
    for (let attempt = 0; attempt < 288; attempt += 1) {
      await expect(deescalate(ports, id, world.deadline())).rejects.toThrow("AccessDenied");
      world.clock.advance(300);
    }
    expect(world.request().status).toBe("deescalating");
    await deescalate(world.ports, id, world.deadline());
    expect(world.request()).toMatchObject({ status: "ended", endReason: "expired" });
    expect(world.service.has(assignment)).toBe(false);
    const told = world.publisher.published.map(({ message }) => message.event);
    expect(told.filter((event) => /late|stuck/.test(event))).toEqual([
      "access.late",
      "access.stuck",
    ]);
    for (const { message } of world.publisher.published.filter(({ topic }) => topic === "errors"))
      expect(message.details).toEqual(["Error: AccessDeniedException"]);
    const [name, lag] = world.metrics.recorded.at(-1) ?? [];
    expect(name).toBe("RevocationLagSeconds");
    expect(lag).toBeGreaterThan(86_400);
  });
});
