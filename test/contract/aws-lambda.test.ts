import { STSClient } from "@aws-sdk/client-sts";
import { createSessions, createStrategy } from "@curfew/aws";
import { type Attempt, type Settings, type Subject, WorkflowError } from "@curfew/core";
import { aRequest, memoryLog } from "@curfew/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AwsError } from "../../packages/sandbox/src/aws/service.ts";
import { createLambdaService } from "../../packages/sandbox/src/aws/services/lambda.ts";
import {
  escalateRole,
  hub,
  startEndpoint,
  type TestEndpoint,
} from "../../packages/sandbox/src/aws/testing/endpoint.ts";
import { customerFunctions } from "../../packages/sandbox/src/lambda/specs.ts";
import {
  createFakeLambda,
  type FakeLambda,
  hang,
} from "../../packages/sandbox/src/testing/fake-lambda.ts";
import { createManualClock } from "../../packages/sandbox/src/testing/manual-clock.ts";
import { anAttempt } from "../support/attempt.ts";

const tools = "555555555555";
const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:${tools}:function:${name}`;
const throttled = new AwsError("TooManyRequestsException", "Rate Exceeded.", 429);
const boom = (): never => {
  throw new Error("boom");
};
const well = { body: { role: "db_admin" }, errors: [] };

describe("strategy aws_lambda", () => {
  let endpoint: TestEndpoint;
  let lambda: FakeLambda;
  /** What the function does, call by call; the last stands for all that follow. */
  let acts: ((payload: unknown) => unknown)[];

  beforeEach(async () => {
    acts = [() => well];
    const act = (payload: unknown) => (acts.length > 1 ? acts.shift() : acts[0])?.(payload);
    lambda = createFakeLambda({ "db-admin": act });
    const customers = ["db-admin", "nobody"].map((name) => ({
      accountId: tools,
      name,
      description: "",
      file: "",
    }));
    const functions = customerFunctions(customers, "us-east-1");
    const service = createLambdaService({ lambda: { ...lambda, functions, resume: () => {} } });
    const clock = createManualClock(Date.now());
    endpoint = await startEndpoint({ clock, services: [service] });
    // The strategy makes its own clients, which find the endpoint as they do in the sandbox.
    vi.stubEnv("AWS_ENDPOINT_URL", endpoint.url);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await endpoint.close();
  });

  const pauses: number[] = [];
  const strategy = () => {
    const keys = endpoint.callers.issue(
      { accountId: hub, roleArn: escalateRole, sessionName: "escalate" },
      3_600,
    );
    const sts = new STSClient(endpoint.as(keys.accessKeyId, keys.sessionToken));
    const { clock } = endpoint;
    pauses.length = 0;
    const sleep = async (time: number): Promise<void> => {
      if (time > 0) pauses.push(time);
      await clock.advance(time);
    };
    const waiting = { now: () => clock.now(), sleep };
    return createStrategy("aws_lambda", {
      sessions: createSessions(sts),
      clock: waiting,
      log: memoryLog(),
    });
  };

  const subjectOf = (settings: Settings = {}, externalId = "acme-curfew"): Subject => {
    const access = {
      strategy: "aws_lambda",
      integration: {
        name: "tools",
        roleArn: `arn:aws:iam::${tools}:role/curfew/CurfewLambda`,
        externalId,
        region: "us-east-1",
        settings: {},
      },
      target: {
        name: "db-admin",
        type: "aws_lambda_function",
        label: "Administrator",
        settings: { arn: arnOf("db-admin"), ...settings },
      },
      person: { id: "a11ce", email: "alice@acme.example" },
      session: { name: "req_test", sourceIdentity: "alice@acme.example" },
    };
    return { access, request: aRequest({ access }) };
  };

  /** Attempts on one lease, which remembers across them. */
  const aLedger = (): Attempt => anAttempt();

  /** A lease under which access was given. */
  const granted = async (subject: Subject): Promise<Attempt> => {
    const ledger = aLedger();
    await strategy().escalate(subject, ledger);
    lambda.calls.length = 0;
    return ledger;
  };

  const types = (): unknown[] =>
    lambda.calls.map(({ payload }) => (payload as { event: { type: string } }).event.type);

  it("finds out whether it will be let in, and invokes nothing for that", async () => {
    expect(await strategy().inspect(subjectOf())).toBe(false);
    const refused = strategy().inspect(subjectOf({}, "another-external-id"));
    await expect(refused).rejects.toMatchObject({ name: "AWS:ASSUME_ROLE_FAILED" });
    expect(lambda.calls).toEqual([]);
  });

  it("tells the function to give the access, and to take it away", async () => {
    const ledger = aLedger();
    const subject = subjectOf();
    expect(await strategy().escalate(subject, ledger)).toEqual({ output: well, errors: [] });
    expect(await strategy().deescalate(subject, ledger)).toEqual({ output: well, errors: [] });
    expect(types()).toEqual(["escalate", "deescalate"]);
  });

  it.each(["live", "7", "$LATEST"])("invokes the function as its target says: %s", async (name) => {
    await strategy().escalate(subjectOf({ arn: `${arnOf("db-admin")}:${name}` }), aLedger());
    const calls = endpoint.callLog.calls().filter(({ operation }) => operation === "Invoke");
    expect(JSON.stringify(calls)).not.toContain("error");
    expect(lambda.calls).toHaveLength(1);
  });

  it("does not wait for the answer to an event", async () => {
    const subject = subjectOf({ invoke_type: "Event" });
    const output = { body: {}, errors: [] };
    expect(await strategy().escalate(subject, aLedger())).toEqual({ output });
    expect(lambda.calls.map(({ type }) => type)).toEqual(["enqueue"]);
  });

  it("is warned by an answer out of form", async () => {
    acts = [() => null];
    expect(await strategy().escalate(subjectOf(), aLedger())).toMatchObject({ malformed: true });
  });

  it("passes on the errors that the function answers", async () => {
    acts = [() => ({ body: {}, errors: ["two", "one"] })];
    const answer = await strategy().escalate(subjectOf(), aLedger());
    expect(answer.errors).toEqual(["two", "one"]);
  });

  it("fails when the function crashes, and does not try again", async () => {
    acts = [boom];
    const ledger = aLedger();
    await expect(strategy().escalate(subjectOf(), ledger)).rejects.toMatchObject({
      name: "AWSLambda:FATAL_FUNCTION_ERROR",
      message: "The function crashed: Error: boom",
    });
    expect(lambda.calls).toHaveLength(1);
    await strategy()
      .deescalate(subjectOf(), ledger)
      .catch(() => {});
    expect(types().slice(1)).toContain("deescalate");
  });

  it("takes a function that does not answer in its time for crashed", async () => {
    acts = [hang];
    await expect(
      strategy().escalate(subjectOf({ timeout: "1s" }), aLedger()),
    ).rejects.toMatchObject({
      name: "AWSLambda:FATAL_FUNCTION_ERROR",
      message: "The function crashed: no answer within 1s",
    });
  });

  describe("when the event cannot be delivered", () => {
    it("is to be tried again by the workflow", async () => {
      acts = [
        () => {
          throw throttled;
        },
      ];
      const ledger = aLedger();
      const attempt = strategy().escalate(subjectOf(), ledger);
      await expect(attempt).rejects.toMatchObject({ name: "ServiceUnavailable" });
      expect(lambda.calls).toHaveLength(1);
    });

    it.each([arnOf("db-administrator"), arnOf("nobody")])(
      "takes nothing away, for nothing was given: %s",
      async (arn) => {
        const ledger = aLedger();
        const attempt = strategy().escalate(subjectOf({ arn }), ledger);
        await expect(attempt).rejects.toMatchObject({ name: "ResourceNotFoundException" });
        expect(await strategy().deescalate(subjectOf(), ledger)).toEqual({});
        expect(lambda.calls).toEqual([]);
      },
    );

    it("takes away what an earlier attempt may have given", async () => {
      const ledger = aLedger();
      await ledger.remember("escalate");
      const attempt = strategy().escalate(subjectOf({ arn: arnOf("nobody") }), ledger);
      await expect(attempt).rejects.toThrow();
      await strategy().deescalate(subjectOf(), ledger);
      expect(types()).toEqual(["deescalate"]);
    });

    it("goes on trying to take access away", async () => {
      const subject = subjectOf();
      const ledger = await granted(subject);
      acts = [
        () => {
          throw throttled;
        },
        () => well,
      ];
      const attempt = strategy().deescalate(subject, ledger);
      await expect(attempt).rejects.toMatchObject({ name: "ServiceUnavailable" });
      expect(await strategy().deescalate(subject, ledger)).toMatchObject({ errors: [] });
    });
  });

  describe("when the function crashes while it is to take access away", () => {
    it("calls it again after 5, 15 and 30 seconds, and takes that for the answer", async () => {
      const subject = subjectOf();
      const ledger = await granted(subject);
      acts = [boom];
      const { errors, details } = await strategy().deescalate(subject, ledger);
      expect(errors).toEqual([
        "AWSLambda:FATAL_FUNCTION_ERROR: The function crashed or did not answer in time.",
      ]);
      expect(details).toEqual([
        "AWSLambda:FATAL_FUNCTION_ERROR: The function crashed: Error: boom",
      ]);
      expect(types()).toEqual(Array(4).fill("deescalate"));
      expect(pauses).toEqual([5_000, 15_000, 30_000]);
    });

    it("is done as soon as it answers, whatever it answers", async () => {
      const subject = subjectOf();
      const ledger = await granted(subject);
      acts = [boom, boom, () => ({ body: {}, errors: ["half of it is gone"] })];
      const { errors } = await strategy().deescalate(subject, ledger);
      expect(errors).toEqual(["half of it is gone"]);
      expect(lambda.calls).toHaveLength(3);
    });

    it("counts on where an invocation of ours ended", async () => {
      const subject = subjectOf();
      const ledger = await granted(subject);
      acts = [boom];
      let changes = 0;
      const short: Attempt = {
        ...ledger,
        get pending() {
          return ledger.pending;
        },
        change: (change) => {
          changes += 1;
          if (changes > 2) throw new WorkflowError("StillProvisioning", "no time");
          return ledger.change(change);
        },
      };
      await expect(strategy().deescalate(subject, short)).rejects.toThrow("no time");
      const { errors } = await strategy().deescalate(subject, ledger);
      expect(errors).toHaveLength(1);
      expect(lambda.calls).toHaveLength(4);
      expect((await strategy().deescalate(subject, ledger)).errors).toHaveLength(1);
      expect(lambda.calls).toHaveLength(4);
    });
  });

  it("invokes nothing when the attempt may not, and asks for the time that the function may take", async () => {
    const durations: (number | undefined)[] = [];
    const ledger = anAttempt({
      mayChange: (duration) => {
        durations.push(duration);
        throw new WorkflowError("GrantRefused", "too late");
      },
    });
    const subject = subjectOf({ timeout: "14m" });
    await expect(strategy().escalate(subject, ledger)).rejects.toThrow("too late");
    expect([ledger.pending, ledger.unanswered]).toEqual([[], []]);
    await ledger.remember("escalate");
    await expect(strategy().deescalate(subject, ledger)).rejects.toThrow("too late");
    expect(lambda.calls).toEqual([]);
    expect(durations).toEqual([842_000, 842_000]);
  });
});
