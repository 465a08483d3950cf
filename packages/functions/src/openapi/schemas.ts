import {
  DryRunView,
  ExtensionBody,
  FlowView,
  RequestBody,
  RequestSummary,
  RequestView,
} from "@curfew/core";
import * as z from "zod/mini";
import { ActionBody } from "../http/action-body.ts";

/** The body of an error that is not the gateway's own (RFC 9457). */
export const Problem = z.strictObject({
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  errors: z
    .optional(z.array(z.strictObject({ path: z.string(), message: z.string() })))
    .register(z.globalRegistry, { description: "What is wrong with the input, and where." }),
});

/** What the gateway answers by itself. */
export const GatewayMessage = z.strictObject({ message: z.string() });

/** What bodies bring, by the names under which the document describes them. */
const inputs = { NewRequest: RequestBody, Action: ActionBody, Extension: ExtensionBody };

/** What answers bring. */
const outputs = {
  Health: z.strictObject({ status: z.literal("ok") }),
  Document: z.looseObject({ openapi: z.string() }),
  Flow: FlowView,
  Flows: z.strictObject({ flows: z.array(FlowView) }),
  Request: RequestView,
  RequestSummary,
  Requests: z.strictObject({
    requests: z.array(RequestSummary),
    cursor: z
      .nullable(z.string())
      .register(z.globalRegistry, { description: "Of the next page; null on the last." }),
  }),
  DryRun: DryRunView,
  Problem,
  GatewayMessage,
};

/** The name of a schema of the document. */
export type SchemaName = keyof typeof inputs | keyof typeof outputs;

const uri = (name: string): string => `#/components/schemas/${name}`;

/** Refers to a schema of the document. */
export const reference = (name: SchemaName): { $ref: string } => ({ $ref: uri(name) });

const convert = (
  schemas: Readonly<Record<string, z.ZodMiniType>>,
  io: "input" | "output",
): Record<string, object> => {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const converted = z.toJSONSchema(registry, { io, uri, override: readable(io) });
  return Object.fromEntries(
    Object.keys(schemas).map((name) => {
      const { $schema: _, $id: _id, ...schema } = converted.schemas[name] ?? {};
      return [name, JSON.parse(JSON.stringify(schema), withoutShared)];
    }),
  );
};

/** Leaves out what says nothing to people, and what would keep answers from ever saying more. */
const readable =
  (io: "input" | "output") =>
  ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
    if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    if (io === "output" && jsonSchema.additionalProperties === false)
      delete jsonSchema.additionalProperties;
  };

/** What zod puts aside as shared is `z.json()`: any value. */
const withoutShared = (_: string, value: unknown): unknown =>
  isShared(value) ? { description: "Any JSON value." } : value;

const isShared = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  "$ref" in value &&
  String(value.$ref).includes("__shared");

/** All schemas of the document, by name, as JSON Schema. */
export const schemas = (): Record<string, object> => ({
  ...convert(inputs, "input"),
  ...convert(outputs, "output"),
});

/** The parameters that a schema of a query string describes, as OpenAPI has them. */
export const queryParameters = (schema: z.ZodMiniObject): object[] => {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === "boolean") throw new Error(`${name} takes anything.`);
    const { description, ...rest } = property;
    return {
      name,
      in: "query",
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
};
