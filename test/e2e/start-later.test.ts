import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { identityCenter } from "../support/acme.ts";
import { type ApiAnswer, apiClient } from "../support/client.ts";
import { type SandboxProcess, startSandbox, stateFolder } from "../support/sandbox.ts";

describe("a request that starts later", () => {
  let folder: Awaited<ReturnType<typeof stateFolder>>;
  let sandbox: SandboxProcess;
  let api: ReturnType<typeof apiClient>;
  let people: ReturnType<typeof identityCenter>;

  const connect = async (): Promise<void> => {
    sandbox = await startSandbox(folder.path);
    api = apiClient(sandbox.apiUrl);
    people = identityCenter(sandbox.awsUrl);
  };

  beforeAll(async () => {
    folder = await stateFolder();
    await connect();
  });

  afterAll(async () => {
    await sandbox?.stop();
    await folder?.remove();
  });

  const inSeconds = (seconds: number): string =>
    new Date(Date.now() + seconds * 1_000).toISOString();
  const post = (name: string, startAt: string, given: object = {}): Promise<ApiAnswer> =>
    api.call(name, "POST", "/requests", {
      flow: "staging-access",
      target: "staging-readonly",
      duration: "2s",
      reason: "test",
      startAt,
      ...given,
    });
  const idOf = ({ body }: ApiAnswer): string => z.object({ id: z.string() }).parse(body).id;
  const time = (at: string | null): number => Date.parse(at ?? "");

  it.concurrent("is accepted now, given at its start, and lasts from there", async () => {
    const startAt = inSeconds(6);
    const asked = await post("alice", startAt);
    expect(asked).toMatchObject({ status: 202, body: { status: "approved", startAt } });
    // A busy machine might not be seen in the two seconds in which the request is active.
    const ended = await api.until("alice", idOf(asked), "ended", 40_000);
    expect(time(ended.activatedAt)).toBeGreaterThanOrEqual(time(startAt));
    expect(time(ended.activatedAt)).toBeLessThan(time(startAt) + 15_000);
    expect(time(ended.expiresAt)).toBe(time(ended.activatedAt) + 2_000);
    expect(await people.hasStagingReadOnly("alice")).toBe(false);
  });

  it.concurrent("is over at once when it is released before, and stays so", async () => {
    const startAt = inSeconds(10);
    const id = idOf(await post("erin", startAt));
    const released = await api.call("erin", "POST", `/requests/${id}/revoke`);
    expect(released).toMatchObject({
      status: 200,
      body: { status: "ended", endReason: "released", activatedAt: null },
    });
    // Later than the machine has woken up and looked.
    const after = idOf(await post("erin", inSeconds(12)));
    await api.until("erin", after, "ended", 40_000);
    const { status, history } = await api.request("erin", id);
    expect([status, ...history.map(({ event }) => event)]).toEqual([
      "ended",
      "request.created",
      "request.revoked",
      "access.ended",
    ]);
  });

  it.concurrent("starts when it is approved, if that is later", async () => {
    const given = { flow: "prod-access", target: "prod-readonly" };
    const startAt = inSeconds(1);
    const id = idOf(await post("alice", startAt, given));
    await api.call("bob", "POST", `/requests/${id}/approve`);
    const ended = await api.until("alice", id, "ended", 40_000);
    expect(time(ended.activatedAt)).toBeGreaterThanOrEqual(time(startAt));
  });

  it("goes on waiting after the process was killed", async () => {
    const startAt = inSeconds(12);
    const id = idOf(await post("bob", startAt));
    await sandbox.kill();
    await connect();
    expect(await people.hasStagingReadOnly("bob")).toBe(false);
    const ended = await api.until("bob", id, "ended", 40_000);
    expect(time(ended.activatedAt)).toBeGreaterThanOrEqual(time(startAt));
  });

  it.each([
    ["in the past", -61, 422, "request.start-not-allowed"],
    ["too far ahead", 91 * 86_400, 422, "request.start-not-allowed"],
  ])("is refused: %s", async (_, seconds, status, code) => {
    const answer = await post("alice", inSeconds(seconds));
    expect(answer).toMatchObject({ status, body: { code, errors: [{ path: "startAt" }] } });
  });

  it("needs to say where its clock is", async () => {
    const answer = await post("alice", "2030-01-01T12:00:00");
    expect(answer).toMatchObject({ status: 400, body: { code: "body.malformed" } });
  });
});
