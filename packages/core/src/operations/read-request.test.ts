import { beforeEach, describe, expect, it } from "vitest";
import {
  aConfig,
  aConfigInput,
  alice,
  aRequest,
  aWorld,
  bob,
  carol,
  mallory,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { cancelRequest } from "./cancel-request.ts";
import { approveRequest } from "./decide-approval.ts";
import { extendRequest } from "./extend-request.ts";
import { listFlows, readFlow } from "./list-flows.ts";
import { readRequestAs, requesterNamed } from "./read-request.ts";
import { revokeRequest } from "./revoke-request.ts";

const id = requestId(1);
let world: World;
beforeEach(() => {
  world = aWorld();
});

describe("reading a request", () => {
  it.each([
    ["the requester", alice, { requester: true }],
    ["an approver", carol, { approver: true }],
  ])("is for %s", async (_, person, standing) => {
    await world.store({ requests: [aRequest()] });
    const read = await readRequestAs(world.ports, world.config, person, id);
    const nobody = { requester: false, approver: false, admin: false, auditor: false };
    expect(read).toEqual({ request: aRequest(), standing: { ...nobody, ...standing } });
  });

  describe("while the directory is down", () => {
    const down = () => {
      const error = new Error("AccessDeniedException");
      return world.invocation(({ name }) =>
        name.startsWith("directory.") ? { when: "before", error } : undefined,
      ).ports;
    };
    const active = aRequest({ status: "active", flow: { name: "self-service", version: "1.0.0" } });

    it("needs no look-up for the requester, who may release and extend the access", async () => {
      await world.store({ requests: [active] });
      const { standing } = await readRequestAs(down(), world.config, alice, id);
      expect(standing.requester).toBe(true);
      world.clock.advance(1_800);
      const extended = await extendRequest(down(), world.config, alice, id, { duration: "1h" });
      expect(extended.expiresAt).toBe(addSeconds(noon, 5_400));
      const released = await revokeRequest(down(), world.config, alice, id);
      expect(released.endRequested?.reason).toBe("released");
    });

    it("needs none for cancelling either", async () => {
      await world.store({ requests: [aRequest({ status: "pending_approval" })] });
      expect((await cancelRequest(down(), world.config, alice, id)).status).toBe("cancelled");
    });

    it("lets nobody decide, and nobody else see the request", async () => {
      await world.store({ requests: [aRequest({ status: "pending_approval" })] });
      for (const person of [alice, bob])
        await expect(approveRequest(down(), world.config, person, id)).rejects.toThrow();
      await expect(readRequestAs(down(), world.config, mallory, id)).rejects.toThrow("Access");
    });

    it("knows the requester by the address that was looked up for the request", async () => {
      await world.store({ requests: [active] });
      expect(await requesterNamed(world.ports, id, alice.email)).toEqual(alice);
      for (const [of, email] of [
        [id, bob.email],
        [requestId(2), alice.email],
        ["nonsense", alice.email],
        [undefined, alice.email],
      ] as const)
        expect(await requesterNamed(world.ports, of, email)).toBeUndefined();
    });
  });

  it("tells nobody else whether it exists", async () => {
    await world.store({ requests: [aRequest()] });
    const hidden = readRequestAs(world.ports, world.config, mallory, id);
    await expect(hidden).rejects.toMatchObject({
      code: "request.not-found",
      message: `There is no request ${id}.`,
    });
    const absent = readRequestAs(world.ports, world.config, mallory, requestId(2));
    await expect(absent).rejects.toMatchObject({
      code: "request.not-found",
      message: `There is no request ${requestId(2)}.`,
    });
  });

  it("looks nothing up for an id that is none", async () => {
    const { ports, faults } = world.invocation(() => undefined);
    await expect(readRequestAs(ports, world.config, alice, "x".repeat(5_000))).rejects.toThrow();
    expect(faults.calls()).toBe(0);
  });
});

describe("listing flows", () => {
  it("shows those that the person may ask for, with what may be chosen", async () => {
    expect(await listFlows(world.ports, world.config, alice)).toEqual([
      {
        name: "production",
        label: "production",
        targets: [{ name: "prod-readonly", label: "ReadOnly on prod", type: "fake_permission" }],
        duration: { max: "8h" },
        extendableTo: "8h",
        approvalRequired: true,
        reasonRequired: true,
      },
      {
        name: "self-service",
        label: "self-service",
        targets: [
          { name: "prod-readonly", label: "ReadOnly on prod", type: "fake_permission" },
          { name: "staging-power", label: "staging-power", type: "fake_permission" },
        ],
        duration: { options: ["30s", "10m", "1h"] },
        extendableTo: "300d",
        approvalRequired: false,
        reasonRequired: false,
      },
    ]);
  });

  it("hides the others", async () => {
    const flows = await listFlows(world.ports, world.config, carol);
    expect(flows.map(({ name }) => name)).toEqual(["self-service"]);
  });

  it("asks the directory once, for each group once", async () => {
    const { flows } = aConfigInput();
    const { production } = flows;
    const config = aConfig(production && { flows: { ...flows, copy: production } });
    const asked: string[][] = [];
    const directory = {
      ...world.ports.directory,
      groupsOf: async (_: unknown, groups: readonly string[]) => {
        asked.push([...groups]);
        return new Set(groups);
      },
    };
    expect(await listFlows({ directory }, config, bob)).toHaveLength(3);
    expect(asked).toEqual([["engineers"]]);
  });
});

describe("reading a flow", () => {
  it("shows it as the list does", async () => {
    const [production] = await listFlows(world.ports, world.config, alice);
    expect(await readFlow(world.ports, world.config, alice, "production")).toEqual(production);
  });

  it.each(["production", "nope", "constructor"])(
    "does not tell whether it exists to those who may not ask for it: %s",
    async (name) => {
      await expect(readFlow(world.ports, world.config, carol, name)).rejects.toMatchObject({
        code: "flow.not-found",
        message: `There is no flow ${name}.`,
      });
    },
  );
});
