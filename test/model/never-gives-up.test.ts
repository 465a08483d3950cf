import {
  type ConfigInput,
  deescalate,
  type Ports,
  reconcileRequests,
  recover,
  revokeRequest,
  type WorkflowStart,
  wake,
} from "@curfew/core";
import { alice, grantAccess, noon, requestId } from "@curfew/core/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { accounts, permissionSets } from "./config.ts";
import type { Invoke } from "./network.ts";
import {
  aShippedConfig,
  aShippedConfigInput,
  aShippedRequest,
  aShippedWorld,
  assignment,
  operations,
  type ShippedWorld,
} from "./shipped-world.ts";
import { createStateMachine } from "./state-machine.ts";

/*
 * Whatever becomes of the configuration and of people while access is active: it ends on time, from what was stored with the request.
 */

const id = requestId(1);
const gone = new Error("ResourceNotFoundException: USER not found");

const anExecution: WorkflowStart = {
  request: id,
  k: 0,
  version: 1,
  enter: "escalation",
  seconds: 1,
  startAt: noon,
  strategy: "aws_sso",
};

let world: ShippedWorld;
beforeEach(async () => {
  world = aShippedWorld();
  await world.store({ requests: [aShippedRequest()] });
});

const production = (): ConfigInput["flows"][string] => {
  const { production: flow } = aShippedConfigInput().flows;
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
        ...aShippedConfigInput().targets,
        "prod-readonly": {
          type: "aws_sso_permission_set",
          settings: { account_id: accounts.prod, permission_set_arn: permissionSets.power },
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
  if (config !== undefined) world.config = aShippedConfig(config);
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
  expect(
    endedAt >= expiresAt && endedAt <= new Date(Date.parse(expiresAt) + 90_000).toISOString(),
  ).toBe(true);
  expect(world.access.has(assignment)).toBe(false);
  expect(world.lease()).toMatchObject({ state: "closed", holders: [] });
};

describe.each(Object.entries(misfortunes))("access ends although %s", (_, misfortune) => {
  it("by the workflow, from the grant to the end", async () => {
    let ports = world.ports;
    world.schedules.onCreate = () => {
      if (world.request().status === "active") ports = befall(misfortune);
    };
    const invoke: Invoke = (_, work) => work(ports, world.deadline());
    const machine = createStateMachine(
      world.clock,
      invoke,
      world.config,
      () => 0.5,
      () => undefined,
    );
    Object.assign(world.workflow, machine);
    await machine.start(anExecution);
    while ((await machine.status(id, 0)) === "running") await world.clock.sleep(10_000);
    endedOnTime();
  });

  it("by the schedule, where the execution is dead", async () => {
    await world.ports.workflow.start(anExecution);
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
    await world.ports.workflow.start(anExecution);
    await grantAccess(world, id);
    const ports = befall(misfortune);
    world.workflow.end(id, 0);
    await recover(ports, `${id}.0`);
    world.workflow.end(id, 1);
    world.clock.advanceTo(world.request().expiresAt ?? noon);
    expect(await reconcileRequests(ports, world.deadline())).toMatchObject({ failures: 0 });
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
      expect(world.access.has(assignment)).toBe(false);
    },
  );
});

describe("a release that fails for hours", () => {
  it("is reported as late and as stuck, and ends all the same", async () => {
    await grantAccess(world, id);
    world.clock.advanceTo(world.request().expiresAt ?? noon);
    const error = new Error("AccessDeniedException");
    const { ports } = world.invocation(({ name }) =>
      name === operations.delete ? { when: "before", error } : undefined,
    );
    for (let attempt = 0; attempt < 288; attempt += 1) {
      await expect(deescalate(ports, id, world.deadline())).rejects.toThrow("AccessDenied");
      world.clock.advance(300);
    }
    expect(world.request().status).toBe("deescalating");
    await deescalate(world.ports, id, world.deadline());
    expect(world.request()).toMatchObject({ status: "ended", endReason: "expired" });
    expect(world.access.has(assignment)).toBe(false);
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
