import type { ErrorCode } from "@curfew/core";
import type * as z from "zod/mini";
import { CreateQuery, ListQuery } from "../http/query.ts";
import type { SchemaName } from "./schemas.ts";

/** One answer that is no error. */
export interface Answer {
  description: string;
  schema: SchemaName;
  headers?: Readonly<Record<string, string>>;
}

/** One operation of the API, as it is described. */
export interface Operation {
  /** Method and path, as the route has them. */
  route: `${"GET" | "POST"} /${string}`;
  summary: string;
  /** Whether it takes no token. */
  open?: true;
  query?: z.ZodMiniObject;
  headers?: Readonly<Record<string, string>>;
  body?: { schema: SchemaName; required: boolean };
  answers: Readonly<Record<number, Answer>>;
  /** Beside those that any operation may answer. */
  problems: readonly ErrorCode[];
}

/** What the body of any call may be refused for. */
const badBody = ["body.malformed", "body.too-large"] as const;

/** What is done to one request: the same for all but for what may be said against it. */
const action = (name: string, summary: string, problems: readonly ErrorCode[]): Operation => ({
  route: `POST /requests/{id}/${name}`,
  summary,
  body: { schema: "Action", required: false },
  answers: { 200: { description: "The request as it is now.", schema: "Request" } },
  problems: [...badBody, "request.not-found", "request.wrong-state", ...problems],
});

/** Every operation of the API. A test compares them with the routes that are deployed. */
export const operations: readonly Operation[] = [
  {
    route: "GET /health",
    summary: "Tells whether the API answers.",
    open: true,
    answers: { 200: { description: "It does.", schema: "Health" } },
    problems: [],
  },
  {
    route: "GET /openapi.json",
    summary: "Answers this document.",
    open: true,
    answers: { 200: { description: "This document.", schema: "Document" } },
    problems: [],
  },
  {
    route: "GET /flows",
    summary: "Lists the flows that the caller may ask for.",
    answers: { 200: { description: "The flows.", schema: "Flows" } },
    problems: [],
  },
  {
    route: "GET /flows/{flow}",
    summary: "Shows a flow that the caller may ask for.",
    answers: { 200: { description: "The flow.", schema: "Flow" } },
    problems: ["flow.not-found"],
  },
  {
    route: "POST /requests",
    summary: "Asks for access.",
    query: CreateQuery,
    headers: {
      "Idempotency-Key":
        "The same key and body answer the same request for 24 hours; of the caller's own choice, 1 to 255 printable ASCII characters.",
    },
    body: { schema: "NewRequest", required: true },
    answers: {
      200: { description: "Of a dry run: it would be accepted.", schema: "DryRun" },
      202: {
        description: "It is accepted. What becomes of it shows under Location.",
        schema: "Request",
        headers: { Location: "The path of the request." },
      },
    },
    problems: [
      ...badBody,
      "parameter.invalid",
      "field.invalid",
      "flow.not-found",
      "flow.not-allowed",
      "flow.target-not-found",
      "flow.reason-required",
      "flow.duration-not-allowed",
      "request.start-not-allowed",
      "idempotency.mismatch",
      "intake.closed",
    ],
  },
  {
    route: "GET /requests",
    summary:
      "Lists requests, the newest first: the caller's own, those the caller decides on, and all for admins and auditors.",
    query: ListQuery,
    answers: { 200: { description: "One page of them.", schema: "Requests" } },
    problems: ["parameter.invalid"],
  },
  {
    route: "GET /requests/{id}",
    summary: "Shows everything about a request.",
    answers: { 200: { description: "The request.", schema: "Request" } },
    problems: ["request.not-found"],
  },
  action("approve", "Approves a request.", ["approval.self", "approval.not-allowed"]),
  action("deny", "Denies a request.", ["approval.self", "approval.not-allowed"]),
  action("cancel", "Withdraws a request before anything is given.", ["request.not-allowed"]),
  action("revoke", "Ends access before its curfew.", ["request.not-allowed"]),
  {
    route: "POST /requests/{id}/extend",
    summary: "Lets access last for a duration from now, under the flow's rules of now.",
    body: { schema: "Extension", required: true },
    answers: { 200: { description: "The request with its new curfew.", schema: "Request" } },
    problems: [
      ...badBody,
      "request.not-found",
      "request.not-allowed",
      "request.wrong-state",
      "flow.not-found",
      "flow.not-allowed",
      "flow.target-not-found",
      "flow.duration-not-allowed",
      "extension.not-later",
      "extension.too-long",
      "extension.too-many",
      "intake.closed",
    ],
  },
];
