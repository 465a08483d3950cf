import { setTimeout } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, describe, expect, it } from "vitest";
import { administrator } from "../support/acme.ts";
import { between, type RequestView, revocationTime } from "../support/client.ts";
import { writeConfiguration } from "../support/configuration.ts";
import { waitFor } from "../support/sandbox.ts";
import { useSandbox } from "../support/use-sandbox.ts";

const hub = "666666666666";
const stateMachineArn = `arn:aws:states:us-east-1:${hub}:stateMachine:curfew-sandbox`;

/** The rules of every flow name groups that were deleted. */
const withDeletedGroups = `{
  ...acme,
  admins: { groups: [...acme.admins.groups, "dead0000-0000-4000-8000-000000000001"] },
  auditors: { groups: ["dead0000-0000-4000-8000-000000000002"] },
  flows: {
    ...acme.flows,
    "prod-access": {
      ...acme.flows["prod-access"],
      requesters: { groups: [...acme.flows["prod-access"].requesters.groups, "dead0000-0000-4000-8000-000000000003"] },
      approvers: { groups: ["dead0000-0000-4000-8000-000000000004", ...acme.flows["prod-access"].approvers.groups] },
    },
  },
}`;

describe("while the rules name groups that were deleted", () => {
  const bench = useSandbox(async (folder) => [
    "--config",
    await writeConfiguration(folder, withDeletedGroups),
  ]);
  const sfn = () => new SFNClient(administrator(bench.sandbox.awsUrl, hub));
  const revoke = (name: string, { id }: RequestView) => bench.api.act(name, id, "revoke");
  const anActive = async (name: string): Promise<RequestView> => {
    const { id } = await bench.api.ask(name, "10m");
    return bench.api.until(name, id, "active");
  };
  const timed = async <T>(work: () => Promise<T>): Promise<{ took: number; answer: T }> => {
    const begun = Date.now();
    const answer = await work();
    return { took: Date.now() - begun, answer };
  };

  afterEach(() => bench.api.takeFaultsBack());

  it("people ask, approve, extend and revoke as ever", async () => {
    const wish = { flow: "prod-access", target: "prod-readonly", duration: "10m" };
    const { id } = await bench.api.askFor("alice", wish);
    for (const name of ["alice", "bob", "carol"])
      expect((await bench.api.call(name, "GET", `/requests/${id}`)).status).toBe(200);
    expect((await bench.api.call("erin", "GET", `/requests/${id}`)).status).toBe(404);
    expect((await bench.api.act("bob", id, "approve")).status).toBe(200);
    await bench.api.until("alice", id, "active");
    const longer = await bench.api.call("alice", "POST", `/requests/${id}/extend`, {
      duration: "20m",
    });
    expect(longer.status).toBe(200);
    expect((await bench.api.act("carol", id, "revoke")).status).toBe(200);
    await bench.api.until("alice", id, "ended");
  });

  it("a directory that denies keeps nobody from seeing and releasing their own access", async () => {
    const request = await anActive("alice");
    const denied = { operation: "*", error: "AccessDeniedException", times: null };
    await bench.api.fault({ service: "identitystore", ...denied });
    expect((await bench.api.request("alice", request.id)).status).toBe("active");
    expect((await revoke("erin", request)).status).toBe(500);
    expect((await revoke("alice", request)).status).toBe(200);
    expect((await bench.api.until("alice", request.id, "ended")).endReason).toBe("released");
  });

  it("an SNS that hangs costs a caller and the end two seconds at most", async () => {
    await bench.api.fault({ service: "sns", operation: "Publish", latency: 60_000, times: null });
    const { took, answer } = await timed(() => bench.api.ask("bob", "5s"));
    expect(answer.status).toBe("approved");
    expect(took).toBeLessThan(5_000);
    const ended = await bench.api.until("bob", answer.id, "ended", 20_000);
    expect(between(ended.expiresAt, ended.endedAt)).toBeLessThan(3_000);
  });

  it("a Step Functions that does not take signals costs a caller two seconds at most", async () => {
    const request = await anActive("alice");
    await bench.api.fault({ service: "states", operation: "SendTaskSuccess", latency: 60_000 });
    const { took, answer } = await timed(() => revoke("alice", request));
    expect(answer).toMatchObject({ status: 200, body: { endReason: null } });
    expect(took).toBeLessThan(5_000);
    // The same person may ask again, which signals again.
    await revoke("alice", request);
    await bench.api.until("alice", request.id, "ended");
  });

  it("a copy of an execution that waited and was stopped does not keep a revoke from taking effect", async () => {
    const request = await anActive("alice");
    const waits = async (): Promise<number> =>
      (await bench.api.calls()).filter(({ caller }) => caller.includes("await-expiry")).length;
    const before = await waits();
    const { executionArn } = await sfn().send(
      new StartExecutionCommand({
        stateMachineArn,
        name: `copy-${request.id}`,
        input: JSON.stringify({
          request: request.id,
          k: 0,
          version: 1,
          enter: "deescalation",
          seconds: 1,
          startAt: request.createdAt,
          strategy: "aws_sso",
        }),
      }),
    );
    await waitFor("the copy waits", 15_000, async () => (await waits()) > before);
    // Until the function has done with the token.
    await setTimeout(1_000);
    await sfn().send(new StopExecutionCommand({ executionArn }));
    expect((await revoke("alice", request)).status).toBe(200);
    const ended = await bench.api.until("alice", request.id, "ended");
    expect(revocationTime(ended)).toBeLessThan(10_000);
  });

  it("a token of 2099 that somebody hands to the function of the wait does not, either", async () => {
    const request = await anActive("erin");
    const lambda = new LambdaClient(administrator(bench.sandbox.awsUrl, hub));
    const forged = await lambda.send(
      new InvokeCommand({
        FunctionName: "curfew-sandbox-await-expiry",
        Payload: Buffer.from(
          JSON.stringify({
            input: {
              request: request.id,
              k: 0,
              version: 1,
              enter: "escalation",
              seconds: 1,
              strategy: "aws_sso",
            },
            execution: `${request.id}.0`,
            enteredAt: "2099-01-01T00:00:00.000Z",
            state: "Wait for expiry",
            token: "forged",
          }),
        ),
      }),
    );
    expect(forged.FunctionError).toBeUndefined();
    expect((await revoke("erin", request)).status).toBe(200);
    const ended = await bench.api.until("erin", request.id, "ended");
    expect(revocationTime(ended)).toBeLessThan(10_000);
  });
});
