import { type ErrorCode, errorCodes } from "@curfew/core";
import { statuses } from "../http/problem.ts";
import { type Answer, type Operation, operations } from "./operations.ts";
import { queryParameters, reference, schemas } from "./schemas.ts";

/** What any operation may answer. */
const always: readonly ErrorCode[] = ["internal", "service.unavailable"];
const authenticated: readonly ErrorCode[] = ["caller.unknown"];

const json = (schema: object): object => ({ "application/json": { schema } });

/** The OpenAPI document of the API: https://spec.openapis.org/oas/v3.1.1.html */
export const apiDocument = (): object => ({
  openapi: "3.1.1",
  info: {
    title: "Curfew",
    version: "1.0.0",
    description:
      "Just-in-time access that ends on time. Errors are problem documents (RFC 9457) whose `code` is for programs; 401 and 429 are the gateway's own. Unknown paths and methods answer 404 `route.not-found`.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  servers: [{ url: "/" }],
  security: [{ token: [] }],
  paths: paths(),
  components: {
    securitySchemes: {
      token: {
        type: "http",
        scheme: "bearer",
        bearerFormat: "JWT",
        description: "Of the deployment's identity provider, with the claim `email`.",
      },
    },
    schemas: schemas(),
  },
});

const paths = (): Record<string, Record<string, object>> => {
  const found: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const [method = "", path = ""] = operation.route.split(" ");
    found[path] = { ...found[path], [method.toLowerCase()]: describe(operation, path) };
  }
  return found;
};

const describe = (operation: Operation, path: string): object => {
  const { route, summary, open, query, headers = {}, body } = operation;
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => parameter("path", name ?? "", true)),
    ...(query === undefined ? [] : queryParameters(query)),
    ...Object.entries(headers).map(([name, description]) => ({
      ...parameter("header", name, false),
      description,
    })),
  ];
  return {
    operationId: operationId(route),
    summary,
    ...(open ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: body.required, content: json(reference(body.schema)) } }),
    responses: { ...answersOf(operation), ...problemsOf(operation) },
  };
};

const parameter = (where: string, name: string, required: boolean): object => ({
  name,
  in: where,
  required,
  schema: { type: "string" },
});

/** `POST /requests/{id}/approve` becomes `postRequestsIdApprove`. */
const operationId = (route: string): string =>
  route
    .toLowerCase()
    .replace(/[^a-z]+([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/[^a-zA-Z]/g, "");

const answersOf = ({ answers }: Operation): Record<string, object> =>
  Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, success(answer)]));

const success = ({ description, schema, headers = {} }: Answer): object => ({
  description,
  ...(Object.keys(headers).length === 0 ? {} : { headers: describedHeaders(headers) }),
  content: json(reference(schema)),
});

const describedHeaders = (headers: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: "string" } },
    ]),
  );

/** By status, which codes a call may answer, and what the gateway answers by itself. */
const problemsOf = ({ open, problems }: Operation): Record<string, object> => {
  const codes = [...(open ? [] : authenticated), ...problems, ...always];
  const byStatus = Object.groupBy(codes, (code) => statuses[errorCodes[code].kind]);
  return {
    ...Object.fromEntries(
      Object.entries(byStatus).map(([status, group = []]) => [status, problem(group)]),
    ),
    ...(open ? {} : { 401: gateway("No token, or one that is not valid.") }),
    429: gateway("Too many calls."),
  };
};

const problem = (codes: readonly ErrorCode[]): object => ({
  description: codes.map((code) => `\`${code}\`: ${errorCodes[code].title}.`).join("\n\n"),
  content: {
    "application/problem+json": {
      schema: {
        allOf: [reference("Problem"), { properties: { code: { enum: codes } } }],
      },
    },
  },
});

const gateway = (description: string): object => ({
  description,
  content: json(reference("GatewayMessage")),
});
