import { DisableRuleCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import {
  DeleteScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { administrator, identityCenter } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import { type SandboxProcess, startSandbox, stateFolder, waitFor } from "../support/sandbox.ts";

const hub = "666666666666";
const stateMachineArn = `arn:aws:states:us-east-1:${hub}:stateMachine:curfew-sandbox`;

const reconcilers = ["reconcile-requests", "reconcile-leases"];

/** One way to the end, what it needs to be switched off for the other three, and how late it may be (seconds). */
const ways = [
  {
    way: "the schedule",
    rules: ["execution-ended", ...reconcilers],
    schedules: true,
    execution: false,
    late: 15,
  },
  {
    way: "the timeout of the waiting state",
    rules: ["execution-ended", ...reconcilers],
    schedules: false,
    execution: true,
    late: 75,
  },
  {
    way: "the rule on ended executions",
    rules: reconcilers,
    schedules: false,
    execution: false,
    late: 75,
  },
  {
    way: "the reconciler of requests",
    rules: ["execution-ended", "reconcile-leases"],
    schedules: false,
    execution: false,
    late: 315,
  },
] as const;

describe("each way to the end is enough alone", () => {
  let folder: Awaited<ReturnType<typeof stateFolder>>;
  let sandbox: SandboxProcess;

  beforeEach(async () => {
    folder = await stateFolder();
    sandbox = await startSandbox(folder.path, ["--time-lapse", "60"]);
  });

  afterEach(async () => {
    await sandbox?.stop();
    await folder?.remove();
  });

  const asHub = () => administrator(sandbox.awsUrl, hub);

  const disableRule = async (name: string): Promise<void> => {
    const command = new DisableRuleCommand({ Name: `curfew-sandbox-${name}` });
    await new EventBridgeClient(asHub()).send(command);
  };

  const deleteSchedules = async (id: string): Promise<number> => {
    const client = new SchedulerClient(asHub());
    const group = { GroupName: "curfew-sandbox" };
    const { Schedules = [] } = await client.send(
      new ListSchedulesCommand({ ...group, NamePrefix: id }),
    );
    for (const { Name } of Schedules)
      await client.send(new DeleteScheduleCommand({ ...group, Name }));
    return Schedules.length;
  };

  const stopExecutions = async (): Promise<number> => {
    const client = new SFNClient(asHub());
    const list = new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" });
    const { executions = [] } = await client.send(list);
    for (const { executionArn } of executions)
      await client.send(new StopExecutionCommand({ executionArn }));
    return executions.length;
  };

  it.each(ways)("$way", { timeout: 120_000 }, async ({ rules, schedules, execution, late }) => {
    const api = apiClient(sandbox.apiUrl);
    const people = identityCenter(sandbox.awsUrl);
    for (const rule of rules) await disableRule(rule);
    const { id } = await api.ask("alice", "10m");
    await api.until("alice", id, "active");
    if (!schedules) expect(await deleteSchedules(id)).toBe(2);
    if (!execution) expect(await stopExecutions()).toBe(1);
    expect(await people.hasStagingReadOnly("alice")).toBe(true);

    // Asking the API would wake nothing, but would slow time down.
    await waitFor("the end", 50_000, async () => !(await people.hasStagingReadOnly("alice")));
    const ended = await api.until("alice", id, "ended");
    expect(ended.endReason).toBe("expired");
    const lag = (Date.parse(ended.endedAt ?? "") - Date.parse(ended.expiresAt ?? "")) / 1_000;
    expect(lag).toBeGreaterThanOrEqual(0);
    expect(lag).toBeLessThanOrEqual(late);
  });
});
