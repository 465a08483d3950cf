import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { administrator } from "../support/acme.ts";
import { waitFor } from "../support/sandbox.ts";
import { useSandbox } from "../support/use-sandbox.ts";

const Page = z.object({
  requests: z.array(z.looseObject({ id: z.string(), status: z.string(), requester: z.string() })),
  cursor: z.string().nullable(),
});
type Page = z.infer<typeof Page>;

describe("finding one's way", () => {
  const bench = useSandbox();
  /** Alice's, oldest first. */
  const mine: string[] = [];
  let pending: string;

  const staging = {
    flow: "staging-access",
    target: "staging-readonly",
    duration: "1s",
    reason: "test",
  };
  const prod = { flow: "prod-access", target: "prod-readonly", duration: "10m", reason: "test" };

  const post = async (name: string, body: object): Promise<string> => {
    const answer = await bench.api.call(name, "POST", "/requests", body);
    expect(answer).toMatchObject({ status: 202 });
    return z.object({ id: z.string() }).parse(answer.body).id;
  };
  const list = async (name: string, query = ""): Promise<Page> =>
    Page.parse((await bench.api.call(name, "GET", `/requests${query}`)).body);
  const idsIn = ({ requests }: Page): string[] => requests.map(({ id }) => id);

  beforeAll(async () => {
    for (let n = 0; n < 3; n += 1) mine.push(await post("alice", staging));
    pending = await post("alice", prod);
    mine.push(pending);
    await post("erin", staging);
  });

  it("lists a person's own requests, the newest first, without what may be large", async () => {
    const page = await list("alice");
    expect(idsIn(page)).toEqual(mine.toReversed());
    expect(page.cursor).toBeNull();
    expect(page.requests[0]).toMatchObject({ status: "pending_approval", target: "prod-readonly" });
    for (const property of ["history", "errors", "outputs"])
      expect(page.requests[0]).not.toHaveProperty(property);
  });

  it("lists to approvers what they decide on, to admins everything, and to others nothing", async () => {
    expect(idsIn(await list("bob"))).toEqual([pending]);
    expect(idsIn(await list("bob", "?status=pending_approval&flow=prod-access"))).toEqual([
      pending,
    ]);
    expect(idsIn(await list("carol"))).toHaveLength(5);
    expect(idsIn(await list("carol", "?requester=erin@acme.example"))).toHaveLength(1);
    expect(idsIn(await list("dave"))).toEqual([]);
    expect(idsIn(await list("erin", "?requester=alice@acme.example"))).toEqual([]);
  });

  it("follows a status as it changes", async () => {
    await waitFor("three ended requests", 30_000, async () => {
      const ended = await list("alice", "?status=ended");
      return ended.requests.length === 3;
    });
    expect(idsIn(await list("alice", "?status=active"))).toEqual([]);
  });

  it("goes page by page, whatever is asked for meanwhile", async () => {
    const first = await list("alice", "?limit=2");
    const later = await post("alice", staging);
    const second = await list("alice", `?limit=2&cursor=${first.cursor}`);
    expect([...idsIn(first), ...idsIn(second)]).toEqual(mine.toReversed());
    expect(second.cursor).toBeNull();
    expect(idsIn(await list("alice"))[0]).toBe(later);
  });

  it.each([
    ["status=open", "status"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["cursor=nonsense", "cursor"],
    ["order=oldest", "order"],
    ["flow=nope", "flow"],
    ["requester=nobody@acme.example", "requester"],
  ])("refuses ?%s, and names the parameter", async (query, path) => {
    const answer = await bench.api.call("alice", "GET", `/requests?${query}`);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: "parameter.invalid", errors: [{ path }] },
    });
  });

  it("shows a flow as the list does, and to nobody who may not ask for it", async () => {
    const all = z
      .object({ flows: z.array(z.looseObject({ name: z.string() })) })
      .parse((await bench.api.call("alice", "GET", "/flows")).body);
    const one = await bench.api.call("alice", "GET", "/flows/prod-access");
    expect(one.body).toEqual(all.flows.find(({ name }) => name === "prod-access"));
    for (const [name, flow] of [
      ["carol", "prod-access"],
      ["alice", "nope"],
    ] as const) {
      const answer = await bench.api.call(name, "GET", `/flows/${flow}`);
      expect(answer).toMatchObject({ status: 404, body: { code: "flow.not-found" } });
    }
  });

  it("tells in a dry run what would become of a request, and writes nothing", async () => {
    const table = new DynamoDBClient(administrator(bench.sandbox.awsUrl, "666666666666"));
    const scan = async () =>
      (await table.send(new ScanCommand({ TableName: "curfew-sandbox" }))).Count;
    const before = await scan();
    const headers = { "idempotency-key": "dry" };
    const dry = await bench.api.call("alice", "POST", "/requests?dryRun=true", prod, headers);
    expect(dry).toMatchObject({
      status: 200,
      body: { allowed: true, status: "pending_approval", approvalRequired: true },
    });
    const refused = await bench.api.call("alice", "POST", "/requests?dryRun=true", {
      ...staging,
      duration: "2h",
    });
    expect(refused).toMatchObject({ status: 422, body: { code: "flow.duration-not-allowed" } });
    expect(await scan()).toBe(before);
    const real = await bench.api.call(
      "alice",
      "POST",
      "/requests",
      { ...prod, reason: "other" },
      headers,
    );
    expect(real.status).toBe(202);
  });

  it.each([
    ["GET", "/nope"],
    ["DELETE", "/requests"],
    ["PUT", "/flows"],
    ["GET", "/flows/prod-access/nothing"],
    ["POST", "/"],
  ])("answers %s %s like any path that there is not", async (method, path) => {
    const answer = await bench.api.call("alice", method, path);
    expect(answer).toMatchObject({ status: 404, body: { code: "route.not-found", status: 404 } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    const nobody = await bench.api.callWith({}, method, path);
    expect(nobody).toMatchObject({ status: 401, body: { message: "Unauthorized" } });
  });

  it("describes itself to everybody", async () => {
    const { status, body } = await bench.api.callWith({}, "GET", "/openapi.json");
    expect(status).toBe(200);
    expect(body).toMatchObject({ openapi: "3.1.1", paths: { "/requests/{id}/approve": {} } });
  });
});
