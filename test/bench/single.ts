import { setTimeout } from "node:timers/promises";
import { GetExecutionHistoryCommand, SFNClient } from "@aws-sdk/client-sfn";
import { administrator } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import type { SandboxProcess } from "../support/sandbox.ts";
import { type Call, watchCalls } from "./calls.ts";

/** What one request took that had a sandbox for itself. */
export interface Single {
  /** States that its execution entered: what Step Functions bills. */
  transitions: number;
  calls: Call[];
}

const machine = "arn:aws:states:us-east-1:666666666666:execution:curfew-sandbox";
const hub = "666666666666";

/** Longer than a request of three seconds takes; it is not looked at meanwhile, which would be calls, too (milliseconds). */
const lifetime = 12_000;

/** Takes one request through its whole life. The sandbox must be otherwise quiet. */
export const runSingle = async (
  { apiUrl, awsUrl }: SandboxProcess,
  withApproval: boolean,
): Promise<Single> => {
  const api = apiClient(apiUrl);
  const watch = watchCalls(apiUrl);
  const start = Date.now();
  const wish = withApproval
    ? { flow: "prod-access", target: "prod-readonly" }
    : { flow: "staging-access", target: "staging-readonly" };
  const { id } = await api.askFor("alice", { ...wish, duration: "3s" });
  if (withApproval) {
    // Not before the wait for it has begun, or the two would run side by side.
    await setTimeout(2_000);
    await api.act("bob", id, "approve");
  }
  await setTimeout(lifetime);
  const calls = (await watch.stop()).filter(
    ({ at, function: name }) => Date.parse(at) >= start && name !== undefined,
  );
  await api.until("alice", id, "ended");

  const sfn = new SFNClient(administrator(awsUrl, hub));
  const history = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn: `${machine}:${id}.0`, maxResults: 1_000 }),
  );
  const entered = (history.events ?? []).filter(({ type }) => type?.endsWith("StateEntered"));
  return { transitions: entered.length, calls };
};
