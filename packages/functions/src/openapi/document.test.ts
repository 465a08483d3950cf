import { readFileSync } from "node:fs";
import { errorCodes } from "@curfew/core";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { apiDocument } from "./document.ts";

const Parameter = z.object({ name: z.string(), in: z.enum(["path", "query", "header"]) });
const Operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  security: z.optional(z.array(z.unknown())),
  parameters: z._default(z.array(Parameter), []),
  responses: z.record(z.string(), z.object({ description: z.string(), content: z.json() })),
});
const Document = z.object({
  openapi: z.literal("3.1.1"),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), z.looseObject({})) }),
});

// As a client gets it.
const text = JSON.stringify(apiDocument());
const { paths, components } = Document.parse(JSON.parse(text));
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** The routes that are deployed, and whether they ask for a token. */
const deployed = (): Map<string, boolean> => {
  const file = new URL("../../../sandbox/deployment.json", import.meta.url);
  const Route = z.object({ routeKey: z.string(), authorizationType: z.string() });
  const { resources } = z
    .object({ resources: z.array(z.object({ type: z.string(), properties: z.json() })) })
    .parse(JSON.parse(readFileSync(file, "utf8")));
  const routes = resources
    .filter(({ type }) => type === "aws:apigatewayv2/route:Route")
    .map(({ properties }) => Route.parse(properties));
  return new Map(routes.map((route) => [route.routeKey, route.authorizationType === "JWT"]));
};

describe("the OpenAPI document", () => {
  it("describes exactly the routes that are deployed, and which of them ask for a token", () => {
    const described = operations.map(({ path, method, operation }) => [
      `${method.toUpperCase()} ${path}`,
      operation.security === undefined,
    ]);
    const routes = [...deployed()].filter(([route]) => route !== "$default");
    expect(routes.length).toBeGreaterThan(5);
    expect(Object.fromEntries(described)).toEqual(Object.fromEntries(routes));
  });

  it("names every variable of a path", () => {
    for (const { path, operation } of operations) {
      const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = operation.parameters.filter((parameter) => parameter.in === "path");
      expect(described.map(({ name }) => name)).toEqual(variables);
    }
  });

  it("gives each operation an id of its own", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain("postRequestsIdApprove");
  });

  it("refers to nothing that it does not contain", () => {
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    const known = Object.keys(components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(new Set(references)).toEqual(
      new Set(references.filter((one) => known.includes(one ?? ""))),
    );
    expect(references.length).toBeGreaterThan(20);
  });

  it("says what a body must have, and leaves room in what is answered", () => {
    expect(components.schemas.NewRequest).toMatchObject({
      required: ["flow", "target", "duration"],
      additionalProperties: false,
      properties: { startAt: { type: "string", format: "date-time" } },
    });
    expect(components.schemas.Request).not.toHaveProperty("additionalProperties");
    const only = ["history", "errors", "outputs"];
    for (const property of only) {
      expect(components.schemas.Request?.properties).toHaveProperty(property);
      expect(components.schemas.RequestSummary?.properties).not.toHaveProperty(property);
    }
  });

  it("tells the bounds and defaults of parameters", () => {
    const { parameters } = paths["/requests"]?.get ?? {};
    expect(parameters?.map(({ name }) => name)).toEqual([
      "status",
      "requester",
      "flow",
      "cursor",
      "limit",
    ]);
    expect(text).toContain(`{"default":50,"type":"integer","minimum":1,"maximum":100}`);
  });

  it("names every error code somewhere, and none that does not exist", () => {
    const named = new Set(
      operations.flatMap(({ operation }) =>
        Object.values(operation.responses).flatMap(({ description }) =>
          [...description.matchAll(/`([^`]+)`/g)].map(([, code]) => code),
        ),
      ),
    );
    // Of no operation: it is what there is instead of one.
    expect([...named, "route.not-found"].toSorted()).toEqual(Object.keys(errorCodes).toSorted());
  });

  it("lets a client that has no token expect the gateway's answer, except where none is needed", () => {
    for (const { operation } of operations)
      expect("401" in operation.responses).toBe(operation.security === undefined);
  });
});
