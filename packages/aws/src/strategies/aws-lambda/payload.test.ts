import type { Access, Request } from "@curfew/core";
import { alice, anAccess, aRequest, bob } from "@curfew/core/testing";
import { describe, expect, it } from "vitest";
import { type EventType, payloadOf } from "./payload.ts";

const access: Access = anAccess({
  strategy: "aws_lambda",
  target: {
    name: "db-admin",
    type: "aws_lambda_function",
    label: "Administrator of the database",
    settings: { arn: "arn:aws:lambda:us-east-1:555555555555:function:db-admin" },
  },
});

const system = { type: "system", id: "curfew", name: "curfew" } as const;
const actorOf = ({ id, email }: typeof alice) => ({ type: "user" as const, id, name: email });
const at = (minute: number) => `2026-11-20T12:0${minute}:00.000Z`;

/** Alice's request, granted at 12:01 and ended at 12:02. */
const request = (given: Partial<Request> = {}): Request =>
  aRequest({
    access,
    flow: { name: "database-admin", version: "2.1.0" },
    reason: "Ticket 123",
    duration: 1_800,
    approvals: [],
    fields: { ticket: 123, urgent: true, reason: "none of it" },
    history: [
      { seq: 1, event: "request.created", at: at(0), actor: actorOf(alice) },
      { seq: 2, event: "access.escalating", at: at(1), actor: system },
      { seq: 3, event: "access.deescalating", at: at(2), actor: system },
    ],
    ...given,
  });

const payload = (type: EventType, given: Partial<Request> = {}): Record<string, unknown> =>
  payloadOf(type, { access, request: request(given) });

const approvals: Request["approvals"] = [
  { decision: "approved", by: actorOf(bob), at: at(0), message: "go on" },
];

const aliceAsActor = {
  user: "acme:user:user-alice:latest",
  name: "",
  username: "alice@acme.example",
  identity: {
    service: "aws_identity_center",
    external_id: "user-alice",
    user_id: "user-alice",
  },
};
const bobAsActor = {
  user: "acme:user:user-bob:latest",
  name: "",
  username: "bob@acme.example",
  identity: { service: "aws_identity_center", external_id: "user-bob", user_id: "user-bob" },
};
const curfewAsActor = {
  user: "acme:user:curfew:latest",
  name: "curfew",
  username: "curfew",
  identity: { service: "curfew", external_id: "curfew", user_id: "curfew" },
};
const target = {
  name: "db-admin",
  srn: "acme:access_target:db-admin:latest:04e9a872-71fe-535c-9949-30bb640c87f8",
  type: "aws_lambda_function",
  label: "Administrator of the database",
  settings: { arn: "arn:aws:lambda:us-east-1:555555555555:function:db-admin" },
};
const run = {
  srn: "acme:run:database-admin:2.1.0:216e3361-3364-5ff1-93b6-edb01b92107d",
  flow: "acme:flow:database-admin:2.1.0",
};

describe("what a function receives", () => {
  it("to give access", () => {
    expect(payload("escalate")).toEqual({
      id: "f657e0d0-e257-5056-928f-2e9555629397",
      meta: {
        schema_version: 6,
        idempotency_key: "f657e0d0-e257-5056-928f-2e9555629397",
      },
      state: { status: "processing", errors: [] },
      run: { ...run, actors: { prompt: aliceAsActor, request: aliceAsActor } },
      event: {
        srn: "sym:event-spec:approval:1.0.0:escalate",
        type: "escalate",
        template: "sym:template:approval:1.0.0",
        timestamp: at(1),
        channel: "api",
      },
      actor: aliceAsActor,
      fields: {
        ticket: 123,
        urgent: true,
        reason: "Ticket 123",
        duration: 1_800,
        target_id: "04e9a872-71fe-535c-9949-30bb640c87f8",
        target,
      },
      type: "event",
    });
  });

  it("to take it away", () => {
    const output = { body: { role: "db_admin" }, errors: [] };
    expect(payload("deescalate", { approvals, output })).toEqual({
      id: "00b87d6d-a3a5-5f2c-bc80-9d3f29f6b097",
      meta: {
        schema_version: 6,
        idempotency_key: "00b87d6d-a3a5-5f2c-bc80-9d3f29f6b097",
      },
      state: { status: "processing", errors: [] },
      run: {
        ...run,
        actors: {
          prompt: aliceAsActor,
          request: aliceAsActor,
          approve: bobAsActor,
          deescalate: curfewAsActor,
        },
        outputs: { escalate: output },
      },
      event: {
        srn: "sym:event-spec:approval:1.0.0:deescalate",
        type: "deescalate",
        template: "sym:template:approval:1.0.0",
        timestamp: at(2),
        channel: "internal",
      },
      actor: curfewAsActor,
      fields: {
        deescalate_type: "scheduled",
        target_id: "04e9a872-71fe-535c-9949-30bb640c87f8",
        target,
      },
      type: "event",
    });
  });
});

describe("who fired the event", () => {
  it("is the approver, where somebody approved", () => {
    const { actor, run } = payload("escalate", { approvals });
    expect(actor).toEqual(bobAsActor);
    expect(run).toMatchObject({
      actors: { prompt: aliceAsActor, request: aliceAsActor, approve: bobAsActor },
    });
  });

  it.each([
    ["revoked", bob, bobAsActor],
    ["released", alice, aliceAsActor],
  ] as const)("is whoever ended the access: %s", (reason, person, actor) => {
    const endRequested = { reason, by: actorOf(person), at: at(2) };
    expect(payload("deescalate", { endRequested })).toMatchObject({
      actor,
      run: { actors: { deescalate: actor } },
      event: { channel: "api" },
      fields: { deescalate_type: reason },
    });
  });

  it("is Curfew for a compensation, which has no output to tell of when there was none", () => {
    const endRequested = { reason: "failed" as const, by: system, at: at(2) };
    expect(payload("deescalate", { endRequested })).toMatchObject({
      actor: curfewAsActor,
      run: { outputs: {} },
      event: { channel: "internal" },
      fields: { deescalate_type: "failed" },
    });
  });
});

describe("the ids", () => {
  it("are the same in every retry, and differ between the two events", () => {
    expect(payload("escalate")).toEqual(payload("escalate"));
    expect(payload("escalate").id).not.toBe(payload("deescalate").id);
  });
});
