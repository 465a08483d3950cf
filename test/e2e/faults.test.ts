import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { identityCenter } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import { type SandboxProcess, startSandbox, stateFolder, waitFor } from "../support/sandbox.ts";

const Calls = z.object({
  calls: z.array(z.looseObject({ at: z.string(), function: z.string(), outcome: z.string() })),
});

describe("a fault", () => {
  let folder: Awaited<ReturnType<typeof stateFolder>>;
  let sandbox: SandboxProcess;
  let api: ReturnType<typeof apiClient>;
  let people: ReturnType<typeof identityCenter>;

  beforeAll(async () => {
    folder = await stateFolder();
    sandbox = await startSandbox(folder.path, ["--time-lapse", "300"]);
    api = apiClient(sandbox.apiUrl);
    people = identityCenter(sandbox.awsUrl);
  });

  afterAll(async () => {
    await sandbox?.stop();
    await folder?.remove();
  });

  const inject = async (fault: object): Promise<void> => {
    const deletion = { service: "sso", operation: "DeleteAccountAssignment" };
    const answer = await api.callWith({}, "POST", "/sandbox/faults", { ...deletion, ...fault });
    expect(answer.status).toBe(201);
  };
  const deletions = async () => {
    const path = "/sandbox/calls?service=sso&operation=DeleteAccountAssignment";
    return Calls.parse((await api.callWith({}, "GET", path)).body).calls;
  };

  it("that lasts for minutes makes the end late and loud, and no later than it must be", async () => {
    await inject({ error: "throttled", times: null });
    const { id } = await api.ask("alice", "30s");
    await waitFor("the news that it is late", 30_000, async () =>
      (await api.inbox()).some(({ message }) => message.event === "access.late"),
    );
    expect(await people.hasStagingReadOnly("alice")).toBe(true);
    await api.callWith({}, "DELETE", "/sandbox/faults");
    const recovered = (await deletions()).at(-1)?.at ?? "";
    const { endedAt } = await api.until("alice", id, "ended", 30_000);
    expect(Date.parse(endedAt ?? "") - Date.parse(recovered)).toBeLessThan(330_000);
    expect(await people.hasStagingReadOnly("alice")).toBe(false);
  });

  it("can kill the function that takes access away, once it has done so", async () => {
    await inject({ kill: true, when: "after", function: "deescalate" });
    const { id } = await api.ask("bob", "5s");
    const ended = await api.until("bob", id, "ended", 60_000);
    expect(ended.endReason).toBe("expired");
    const [call] = (await deletions()).filter(({ outcome }) => outcome === "killed");
    expect(call?.function).toBe("curfew-sandbox-deescalate-aws_sso");
    expect(await people.hasStagingReadOnly("bob")).toBe(false);
  });
});
