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
  requestId,
  type World,
} from "../testing/index.ts";
import { listFlows, readFlow } from "./list-flows.ts";
import { readRequestAs } from "./read-request.ts";

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
