import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import * as z from "zod";
import { identityCenter } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import { type SandboxProcess, startSandbox, stateFolder } from "../support/sandbox.ts";

const people = ["alice", "bob", "carol", "dave", "erin"] as const;
const kills = 10;
const requestsPerLife = 2;

/** Seconds: the sandbox is down for some of it, and a minute of its time passes in six seconds. */
const longestLag = 240;

/** Numbers from 0 to 1, always the same ones (mulberry32). */
const numbersFrom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

let folder: Awaited<ReturnType<typeof stateFolder>>;
let sandbox: SandboxProcess;

beforeEach(async () => {
  folder = await stateFolder();
  sandbox = await start();
});

afterEach(async () => {
  await sandbox?.stop();
  await folder?.remove();
});

const start = (): Promise<SandboxProcess> => startSandbox(folder.path, ["--time-lapse", "10"]);

/** Asks until there is an answer, whichever of the sandboxes gives it: the key makes one request of it. */
const ask = async (name: string, seconds: number, key: string): Promise<string> => {
  for (;;) {
    try {
      const body = {
        flow: "staging-access",
        target: "staging-readonly",
        duration: `${seconds}s`,
        reason: "test",
      };
      const headers = { "idempotency-key": key };
      const api = apiClient(sandbox.apiUrl);
      const answer = await api.call(name, "POST", "/requests", body, headers);
      if (answer.status === 202) return z.looseObject({ id: z.string() }).parse(answer.body).id;
    } catch {
      // It was killed in the middle of it.
    }
    await setTimeout(200);
  }
};

it("killed ten times at random moments during 20 requests: all end on time, nothing is left and nothing is lost", {
  timeout: 300_000,
}, async () => {
  const next = numbersFrom(20_261_120);
  const asked: Promise<{ name: string; id: string }>[] = [];
  for (let life = 0; life < kills; life += 1) {
    for (let n = 0; n < requestsPerLife; n += 1) {
      const name = people[Math.floor(next() * people.length)] ?? "alice";
      const seconds = 20 + Math.floor(next() * 130);
      asked.push(ask(name, seconds, `${life}.${n}`).then((id) => ({ name, id })));
    }
    await setTimeout(next() * 2_500);
    await sandbox.kill();
    sandbox = await start();
  }

  const api = apiClient(sandbox.apiUrl);
  const requests = await Promise.all(asked);
  expect(new Set(requests.map(({ id }) => id)).size).toBe(kills * requestsPerLife);
  for (const { name, id } of requests) {
    const { status, errors, expiresAt, endedAt } = await api.until(name, id, "ended", 120_000);
    expect({ status, errors }).toEqual({ status: "ended", errors: [] });
    const lag = (Date.parse(endedAt ?? "") - Date.parse(expiresAt ?? "")) / 1_000;
    expect(lag).toBeGreaterThanOrEqual(0);
    expect(lag).toBeLessThanOrEqual(longestLag);
  }
  const directory = identityCenter(sandbox.awsUrl);
  for (const name of people)
    expect([name, await directory.hasStagingReadOnly(name)]).toEqual([name, name === "dave"]);
  for (const { id } of requests) {
    const told = (await api.inbox()).filter(({ message }) => message.id.startsWith(id));
    const ends = told.filter(({ message }) => message.event === "access.ended");
    expect(new Set(ends.map(({ message }) => message.id)).size).toBe(1);
  }
});
