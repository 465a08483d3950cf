import { beforeEach, describe, expect, it } from "vitest";
import { requestKind } from "../ports/kinds.ts";
import type { Request } from "../request/request.ts";
import { RequestStatus } from "../request/status.ts";
import { aLease, anAccess, aRequest, aWorld, requestId, type World } from "../testing/index.ts";
import { findStranded } from "./find-stranded.ts";

const { strategy, integration } = anAccess();
const needs = { strategy, roleArn: integration.roleArn };
const exits = { fake: [integration.roleArn] };
const elsewhere = "arn:aws:iam::999999999999:role/curfew/Elsewhere";

let world: World;
beforeEach(() => {
  world = aWorld();
});

const found = async (given: Parameters<typeof findStranded>[1]) =>
  (await findStranded(world.ports, given)).stranded;

describe("what is stranded", () => {
  it("is nothing where every role is there", async () => {
    await world.store({ requests: [aRequest({ status: "active" })], leases: [aLease()] });
    expect(await findStranded(world.ports, exits)).toEqual({ open: 2, stranded: [] });
  });

  it("is what another role was given through, or another strategy", async () => {
    const request = aRequest({ status: "active" });
    await world.store({ requests: [request], leases: [aLease()] });
    for (const lacking of [{}, { fake: [elsewhere] }, { other: [integration.roleArn] }])
      expect(await findStranded(world.ports, lacking)).toEqual({
        open: 2,
        stranded: [
          { kind: "request", id: request.id, state: "active", needs },
          { kind: "lease", id: aLease().key, state: "open", needs },
        ],
      });
  });

  it("is found in every request that is not over, whatever its status", async () => {
    const requests = RequestStatus.options.map((status, index) =>
      aRequest({ id: requestId(index + 1), status }),
    );
    await world.store({ requests });
    expect((await found({})).map(({ state }) => state).toSorted()).toEqual(
      ["active", "approved", "deescalating", "escalating", "pending_approval"].toSorted(),
    );
  });

  it("is no request that is over and of which something is still to be published", async () => {
    await world.store({ requests: [aRequest({ status: "ended", published: 0 })] });
    expect(await findStranded(world.ports, {})).toEqual({ open: 1, stranded: [] });
  });

  it("is no request that gives no access", async () => {
    const { access: _, ...request } = aRequest();
    await world.store({ requests: [request] });
    expect(await found({})).toEqual([]);
  });

  it("is the lease that another request opened through a role that is gone", async () => {
    const shared = anAccess({ integration: { ...integration, roleArn: elsewhere } });
    await world.store({
      requests: [aRequest({ status: "active" })],
      leases: [aLease({ access: shared })],
    });
    expect(await found(exits)).toMatchObject([{ kind: "lease", needs: { roleArn: elsewhere } }]);
  });

  it("is a closed lease until it has been looked at once more", async () => {
    const lookAt = "2026-11-20T12:15:00.000Z";
    await world.store({ leases: [aLease({ state: "closed", lookAt })] });
    expect(await found({})).toMatchObject([{ kind: "lease", state: "closed" }]);
    world = aWorld();
    await world.store({ leases: [aLease({ state: "closed" })] });
    expect(await found({})).toEqual([]);
  });

  it("is what cannot be read, for it may need anything", async () => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    const get = async (): Promise<{ document: Request; revision: number }> => ({
      document: requestKind.parse({ version: 1 }),
      revision: 1,
    });
    const requests = { ...world.ports.requests, get };
    const report = await findStranded({ ...world.ports, requests }, exits);
    expect(report.stranded).toEqual([{ kind: "request", id: requestId(1), state: "unreadable" }]);
  });

  it("is not told when the table does not answer", async () => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    const get = () => Promise.reject(new Error("AccessDeniedException"));
    const requests = { ...world.ports.requests, get };
    await expect(findStranded({ ...world.ports, requests }, exits)).rejects.toThrow("AccessDenied");
  });
});
