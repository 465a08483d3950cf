import {
  CreateGroupMembershipCommand,
  GetGroupMembershipIdCommand,
  IdentitystoreClient,
} from "@aws-sdk/client-identitystore";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListInstancesCommand, SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFaults, type Faults } from "../faults/faults.ts";
import { createInject } from "../faults/inject.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { acme } from "./acme.ts";
import { escalateRole, hub, startEndpoint, type TestEndpoint } from "./testing/endpoint.ts";

let faults: Faults;
let endpoint: TestEndpoint;
let killed: string[];
beforeEach(async () => {
  const clock = createManualClock();
  faults = createFaults({ clock });
  killed = [];
  const kill = async (workerId: string): Promise<void> => void killed.push(workerId);
  endpoint = await startEndpoint({ clock, inject: createInject({ faults, clock, kill }) });
});
afterEach(() => endpoint.close());

const worker = { functionName: "curfew-sandbox-escalate", id: "worker-1" };

/** Calls Identity Center as a function does: by a connector's role. */
const listInstances = async () => {
  const session = { accountId: hub, roleArn: escalateRole, sessionName: "escalate", worker };
  const keys = endpoint.callers.issue(session, 900);
  const { Credentials } = await new STSClient(
    endpoint.as(keys.accessKeyId, keys.sessionToken),
  ).send(
    new AssumeRoleCommand({
      RoleArn: "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter",
      RoleSessionName: "req_01",
      ExternalId: "acme-curfew",
    }),
  );
  const sso = new SSOAdminClient(
    endpoint.as(Credentials?.AccessKeyId ?? "", Credentials?.SessionToken),
  );
  return sso.send(new ListInstancesCommand({}));
};

const fault = { service: "sso", operation: "ListInstances", when: "after", times: 1 } as const;

describe("a call that a fault strikes", () => {
  it.each([
    ["sso", "ListInstances", "throttled", "ThrottlingException", 400],
    ["sns", "ListTopics", "internal", "InternalErrorException", 500],
  ])("of %s:%s is answered as the service would", async (service, operation, error, name, code) => {
    faults.add({ service, operation, error, when: "before", times: 1 });
    const config = endpoint.as("sandbox");
    const call = () =>
      service === "sso"
        ? new SSOAdminClient(config).send(new ListInstancesCommand({}))
        : new SNSClient(config).send(new ListTopicsCommand({}));
    await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: code } });
    expect(await call()).toBeDefined();
  });

  it("can be one of a function's only, whatever role it has assumed", async () => {
    faults.add({ ...fault, error: "internal", functions: [worker.functionName] });
    await new SSOAdminClient(endpoint.as("sandbox")).send(new ListInstancesCommand({}));
    await expect(listInstances()).rejects.toMatchObject({ name: "InternalServerException" });
  });

  it("can kill the worker that made it: nothing is answered, and the log knows", async () => {
    faults.add({ ...fault, kill: true });
    await expect(listInstances()).rejects.toThrow("socket hang up");
    expect(killed).toEqual(["worker-1"]);
    expect(endpoint.warnings).toEqual([]);
    expect(endpoint.callLog.calls().at(-1)).toMatchObject({
      operation: "ListInstances",
      function: worker.functionName,
      outcome: "killed",
    });
  });
});

describe("a call whose caller does not wait", () => {
  const impatient = () =>
    new IdentitystoreClient({
      ...endpoint.as("sandbox"),
      requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true },
    });
  const IdentityStoreId = acme.identityStoreId;
  const membership = {
    IdentityStoreId,
    GroupId: acme.groups.find(({ name }) => name === "oncall")?.id,
    MemberId: { UserId: acme.users[0]?.id ?? "" },
  };
  const service = "identitystore";
  const create = () => impatient().send(new CreateGroupMembershipCommand(membership));
  const isThere = async () => {
    const command = new GetGroupMembershipIdCommand(membership);
    const client = new IdentitystoreClient(endpoint.as("sandbox"));
    return client.send(command).then(
      () => true,
      () => false,
    );
  };
  const operation = "CreateGroupMembership";

  it("has its effect when the latency is over, although nobody is there to be answered", async () => {
    faults.add({ service, operation, latency: 25_000, when: "before", times: 1 });
    await expect(create()).rejects.toMatchObject({ name: "TimeoutError" });
    await endpoint.clock.advance(24_999);
    expect(await isThere()).toBe(false);
    await endpoint.clock.advance(1);
    expect(await isThere()).toBe(true);
    expect(endpoint.warnings).toEqual([]);
  });

  it("does not hold the clock while it waits for its effect", async () => {
    let holds = 0;
    endpoint.clock.hold = () => {
      holds += 1;
      const release = () => {
        holds -= 1;
      };
      return { [Symbol.dispose]: release };
    };
    faults.add({ service, operation, latency: 25_000, when: "before", times: 1 });
    await expect(create()).rejects.toMatchObject({ name: "TimeoutError" });
    expect(holds).toBe(0);
    await endpoint.clock.advance(25_000);
    expect(holds).toBe(0);
    expect(await isThere()).toBe(true);
  });

  it.each([
    ["before", false],
    ["after", true],
  ] as const)("that is dropped %s its effect is not answered", async (when, expected) => {
    faults.add({ service, operation, drop: true, when, times: 1 });
    await expect(create()).rejects.toMatchObject({ name: "TimeoutError" });
    expect(endpoint.callLog.calls().at(-1)).toMatchObject({ operation, outcome: "unanswered" });
    await endpoint.clock.advance(900_000);
    expect(await isThere()).toBe(expected);
    expect(endpoint.warnings).toEqual([]);
  });
});

describe("an answer", () => {
  it("bears the sandbox's time, to which clients set their signatures", async () => {
    await endpoint.clock.advance(86_400_000);
    const response = await fetch(endpoint.url, { method: "POST" });
    expect(response.headers.get("date")).toBe("Fri, 02 Jan 2026 00:00:00 GMT");
  });
});
