import { expect, test } from "vitest";
import { wildcards } from "../../stacks/permissions.ts";
import { functions, grants, graph, queuePolicies, reachOf, roleNamed, roles } from "./graph.ts";

test("no action has a wildcard", () => {
  const actions = [
    ...grants.flatMap(({ Action }) => Action),
    ...queuePolicies.flatMap(({ policy }) => policy.Statement.flatMap(({ Action }) => Action)),
  ];
  expect(actions.length).toBeGreaterThan(30);
  expect(actions.filter((action) => action.includes("*"))).toEqual([]);
});

test("each wildcard resource has one entry with a reason, and no entry is unused", () => {
  const inGraph = grants
    .filter(({ Resource }) => Resource.includes("*"))
    .flatMap(({ role, Action }) => Action.map((action) => `${role} ${action}`));
  const listed = wildcards.map(({ role, action }) => `curfew-sandbox-${role} ${action}`);
  expect(inGraph.toSorted()).toEqual(listed.toSorted());
  expect(wildcards.filter(({ reason }) => reason.length < 20)).toEqual([]);
});

test("whatever ends waits may do so, and nothing else", () => {
  const ending = grants.filter(({ Action }) => Action.includes("states:SendTaskSuccess"));
  expect(ending.map(({ role }) => role.replace("curfew-sandbox-", "")).toSorted()).toEqual([
    "approve-request",
    "await-approval",
    "await-expiry",
    "cancel-request",
    "deny-request",
    "expire",
    "extend-request",
    "reconcile-requests",
    "revoke-request",
  ]);
});

test("other wildcards stand only for the last part of an ARN that names its parent", () => {
  const patterns = grants
    .flatMap(({ Resource }) => Resource)
    .filter((resource) => resource !== "*" && resource.includes("*"));
  expect(new Set(patterns)).toEqual(
    new Set([
      "arn:aws:states:us-east-1:666666666666:execution:curfew-sandbox:*",
      "arn:aws:scheduler:us-east-1:666666666666:schedule/curfew-sandbox/*",
    ]),
  );
});

test("function roles are trusted by Lambda alone", () => {
  expect(functions).toHaveLength(24);
  for (const { name, role } of functions) {
    const { arn, trust } = roleNamed(name);
    expect(arn).toBe(role);
    expect(trust.map(({ Action, Principal, Condition }) => [Action, Principal, Condition])).toEqual(
      [[["sts:AssumeRole"], { Service: ["lambda.amazonaws.com"] }, undefined]],
    );
  }
});

test("no role of the hub is trusted by an account, a user or another role", () => {
  const kinds = roles.flatMap(({ trust }) =>
    trust.flatMap(({ Principal }) => Object.keys(Principal ?? { "*": [] })),
  );
  expect(new Set(kinds)).toEqual(new Set(["Service"]));
});

test("every role has the path that connectors trust", () => {
  expect(
    roles.map(({ path, arn }) => path === "/curfew/" && arn.includes(":role/curfew/")),
  ).toEqual(roles.map(() => true));
});

test("managed policies only let functions write their logs", () => {
  expect(new Set(roles.flatMap(({ managedPolicyArns }) => managedPolicyArns))).toEqual(
    new Set(["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]),
  );
});

test("the API may look people up, and only what gives, takes and checks access reaches further", () => {
  // Acme's directory is the Identity Center in which access is given, too.
  const identityCenter = ["arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter"];
  const lambda = ["arn:aws:iam::555555555555:role/curfew/CurfewLambda"];
  expect(reachOf(graph.resources)).toEqual({
    "approve-request": identityCenter,
    "cancel-request": identityCenter,
    "create-request": identityCenter,
    "deny-request": identityCenter,
    "extend-request": identityCenter,
    "get-flow": identityCenter,
    "get-request": identityCenter,
    "list-flows": identityCenter,
    "list-requests": identityCenter,
    "revoke-request": identityCenter,
    "escalate-aws_sso": identityCenter,
    "deescalate-aws_sso": identityCenter,
    // The directory decides again whether the person may have it.
    "escalate-aws_lambda": [...identityCenter, ...lambda],
    "deescalate-aws_lambda": lambda,
    "reconcile-leases": [...identityCenter, ...lambda],
  });
  for (const { Action } of grants.filter(({ Action }) => Action.includes("sts:AssumeRole")))
    expect(Action).toEqual(["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]);
});

test("the schedules' role is the only one that can be passed, and only to the scheduler", () => {
  const passing = grants.filter(({ Action }) => Action.includes("iam:PassRole"));
  expect(passing.length).toBeGreaterThan(0);
  for (const { Resource, Condition } of passing) {
    expect(Resource).toEqual([roleNamed("curfew-sandbox-schedules").arn]);
    expect(Condition).toEqual({
      StringEquals: { "iam:PassedToService": ["scheduler.amazonaws.com"] },
    });
  }
});

test("the schedules' role is trusted by this account's scheduler for this group alone", () => {
  const { trust, statements } = roleNamed("curfew-sandbox-schedules");
  expect(trust).toHaveLength(1);
  expect(trust[0]).toMatchObject({
    Principal: { Service: ["scheduler.amazonaws.com"] },
    Condition: {
      StringEquals: {
        "aws:SourceAccount": ["666666666666"],
        "aws:SourceArn": ["arn:aws:scheduler:us-east-1:666666666666:schedule-group/curfew-sandbox"],
      },
    },
  });
  expect(statements.map(({ Action, Resource }) => [...Action, ...Resource])).toEqual([
    [
      "lambda:InvokeFunction",
      "arn:aws:lambda:us-east-1:666666666666:function:curfew-sandbox-expire",
    ],
    ["sqs:SendMessage", "arn:aws:sqs:us-east-1:666666666666:curfew-sandbox-dead-letters"],
  ]);
});
