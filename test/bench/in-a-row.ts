import { setTimeout } from "node:timers/promises";
import { apiClient } from "../support/client.ts";
import type { SandboxProcess } from "../support/sandbox.ts";
import { type Call, watchCalls } from "./calls.ts";

/** Calls of one function that are under way at the same time, so that they take no longer than one. */
export interface Turn {
  function: string;
  operations: string[];
}

/** Every call takes this long (milliseconds), so that what is done at once can be told from what is done in a row. */
const latency = 400;
const services = ["dynamodb", "identitystore", "scheduler", "sso", "states", "sts"];

/** By this the approval reaches the workflow, once it is written; what its function does then (it tells the world) runs beside. */
const first = "SendTaskSuccess";
const last = "CreateAccountAssignment";
const patience = 60_000;

/**
 * The calls from when an approval is written to the one that gives the access, in turns: each waits for the one before it. The sandbox must be otherwise
 * quiet, and its workers warm.
 */
export const turnsUntilGranted = async ({ apiUrl }: SandboxProcess): Promise<Turn[]> => {
  const api = apiClient(apiUrl);
  const wish = { flow: "prod-access", target: "prod-poweruser", duration: "3s" };
  const { id } = await api.askFor("erin", wish);
  // Not before the wait for it has begun, or the two would run side by side.
  await setTimeout(2_000);
  for (const service of services)
    await post(`${apiUrl}/sandbox/faults`, { service, operation: "*", latency, times: null });
  const watch = watchCalls(apiUrl);
  const start = Date.now();
  await api.act("bob", id, "approve");
  await until(async () => (await watch.soFar()).some(isGrant(start)));
  const calls = (await watch.stop()).filter(({ at }) => Date.parse(at) >= start);
  await fetch(`${apiUrl}/sandbox/faults`, { method: "DELETE" });
  await api.until("erin", id, "ended");

  const decided = calls.findIndex(({ operation }) => operation === first);
  const granted = calls.findIndex(isGrant(start));
  const ofWorkflow = calls
    .slice(decided, granted + 1)
    .filter(({ function: name = "" }, index) => index === 0 || !/-request$|^$/.test(name));
  return turnsOf(ofWorkflow);
};

const isGrant =
  (start: number) =>
  ({ at, operation }: Call): boolean =>
    operation === last && Date.parse(at) >= start;

/** A call whose answer came less than a latency after another one's cannot have waited for that one. */
const turnsOf = (calls: readonly Call[]): Turn[] => {
  const turns: (Turn & { at: number })[] = [];
  for (const call of calls) {
    const at = Date.parse(call.at);
    const turn = turns.at(-1);
    if (turn !== undefined && at - turn.at < latency * 0.9) turn.operations.push(call.operation);
    else turns.push({ function: call.function ?? "", operations: [call.operation], at });
  }
  return turns.map(({ at: _, ...turn }) => turn);
};

const post = async (url: string, body: unknown): Promise<void> => {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`POST ${url}: ${await answer.text()}`);
};

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  for (const giveUp = Date.now() + patience; !(await isSo()); await setTimeout(200))
    if (Date.now() > giveUp)
      throw new Error(`${last} was not called within ${patience / 1_000} s.`);
};
