import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { identityCenter } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import { writeConfiguration } from "../support/configuration.ts";
import { type SandboxProcess, startSandbox, stateFolder, waitFor } from "../support/sandbox.ts";

const main = join(import.meta.dirname, "../../scripts/check-open/main.ts");
const execute = promisify(execFile);

const center = "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter";
const lambda = "arn:aws:iam::555555555555:role/curfew/CurfewLambda";
const former = [
  { type: "aws_sso", roleArn: center },
  { type: "aws_lambda", roleArn: lambda },
];

/** Acme of which nothing is left but the directory, in which callers are looked up. */
const emptied = (formerIntegrations: object[]): string => `{
  ...acme,
  integrations: { "identity-center": acme.integrations["identity-center"] },
  strategies: {},
  targets: {},
  flows: {},
  formerIntegrations: ${JSON.stringify(formerIntegrations)},
}`;

let folder: Awaited<ReturnType<typeof stateFolder>>;
let sandbox: SandboxProcess;
let api: ReturnType<typeof apiClient>;
beforeEach(async () => {
  folder = await stateFolder();
});
afterEach(async () => {
  await sandbox?.stop();
  await folder?.remove();
});

const start = async (...options: string[]): Promise<void> => {
  sandbox = await startSandbox(folder.path, options);
  api = apiClient(sandbox.apiUrl);
};
const restart = async (...options: string[]): Promise<void> => {
  await sandbox.stop();
  await start(...options);
};

/** Runs `npm run check:open`'s program; rejects, with its output, when it exits with 1. */
const check = async (config: string): Promise<string> => {
  const args = [main, "--endpoint", sandbox.awsUrl, "--config", config];
  return (await execute(process.execPath, args)).stdout;
};

const Invocations = z.object({
  invocations: z.array(z.object({ payload: z.object({ event: z.object({ type: z.string() }) }) })),
});

/** What the customer's function was called for. */
const callsOfFunction = async (): Promise<string[]> => {
  const answer = await fetch(`${sandbox.apiUrl}/sandbox/invocations?function=db-admin`);
  const { invocations } = Invocations.parse(await answer.json());
  return invocations.map(({ payload }) => payload.event.type);
};

describe("an integration that is removed while access is open", () => {
  it("lets it end on time if it is listed as a former one, and is missed by the check if it is not", async () => {
    await start();
    const wishes = [
      { flow: "staging-access", target: "staging-readonly", duration: "30s" },
      { flow: "database-admin", target: "db-admin", duration: "30s" },
    ];
    const ids = await Promise.all(wishes.map(async (wish) => (await api.askFor("alice", wish)).id));
    const active = await Promise.all(ids.map((id) => api.until("alice", id, "active")));

    const without = await writeConfiguration(folder.path, emptied([]));
    const complaint = await check(without).catch((error: unknown) => error);
    expect(complaint).toMatchObject({ code: 1 });
    const { stdout } = complaint as { stdout: string };
    for (const line of [
      "With this configuration Curfew could not end 4 of 4 open requests and leases:",
      `  request ${ids[0]} (active): aws_sso needs ${center}`,
      `  request ${ids[1]} (active): aws_lambda needs ${lambda}`,
      `  { type: "aws_sso", roleArn: "${center}" },`,
      `  { type: "aws_lambda", roleArn: "${lambda}" },`,
    ])
      expect(stdout.split("\n")).toContain(line);

    const withFormer = await writeConfiguration(folder.path, emptied(former));
    expect(await check(withFormer)).toContain("Everything can be ended: of 4 open");

    await restart("--config", withFormer);
    expect((await api.call("alice", "GET", "/flows")).body).toEqual({ flows: [] });
    for (const { id, expiresAt } of active) {
      const ended = await api.until("alice", id, "ended", 60_000);
      expect(ended).toMatchObject({ expiresAt, endReason: "expired", errors: [] });
      const lag = Date.parse(ended.endedAt ?? "") - Date.parse(expiresAt ?? "");
      expect(lag).toBeGreaterThanOrEqual(0);
      expect(lag).toBeLessThan(15_000);
    }
    expect(await identityCenter(sandbox.awsUrl).hasStagingReadOnly("alice")).toBe(false);
    expect(await callsOfFunction()).toEqual(["escalate", "deescalate"]);
  }, 180_000);

  it("makes it late and loud if it is forgotten, says what to do, and lets it end once that is done", async () => {
    const timeLapse = ["--time-lapse", "600"];
    await start(...timeLapse);
    const { id } = await api.ask("alice", "10m");
    await api.until("alice", id, "active");
    await restart(...timeLapse, "--config", await writeConfiguration(folder.path, emptied([])));

    const told = async () =>
      (await api.inbox()).find(
        ({ message }) => message.event === "access.late" && message.id.startsWith(id),
      );
    await waitFor("access.late", 60_000, async () => (await told()) !== undefined);
    const late = (await told())?.message;
    expect(JSON.stringify(late?.details)).toMatch(
      new RegExp(`The role ${center} cannot be assumed: .* list it in formerIntegrations`),
    );
    const error = "AWS:ASSUME_ROLE_FAILED: Curfew cannot assume its role in the target's account.";
    expect(late).toMatchObject({ errors: [error] });
    const { body: shown } = await api.call("alice", "GET", `/requests/${id}`);
    expect(shown).toMatchObject({ sessionsUntil: null });
    expect(JSON.stringify(shown)).toContain(error);
    expect(JSON.stringify(shown)).not.toContain(center);
    const people = () => identityCenter(sandbox.awsUrl);
    expect(await people().hasStagingReadOnly("alice")).toBe(true);

    await restart(...timeLapse, "--config", await writeConfiguration(folder.path, emptied(former)));
    await api.until("alice", id, "ended", 60_000);
    expect(await people().hasStagingReadOnly("alice")).toBe(false);
  }, 240_000);
});
