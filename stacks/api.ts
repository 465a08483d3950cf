import { identity } from "./config.ts";
import { createFunction } from "./function.ts";
import type { FunctionName, GrantName } from "./permissions.ts";
import { names } from "./stage.ts";

const api = new sst.aws.ApiGatewayV2("Api", {
  // Front doors call it from their own servers or from a shell; no page of another origin does.
  cors: false,
  accessLog: { retention: "3 months" },
  transform: {
    api: { name: names.api },
    logGroup: { name: `/aws/vendedlogs/apis/${names.api}` },
  },
});

/** A route has one authorizer, and a JWT authorizer one issuer: one identity provider a deployment. */
const authorizer = api.addAuthorizer({
  name: "Identity",
  jwt: { issuer: identity.issuer, audiences: [identity.audience] },
  transform: { authorizer: { name: names.api } },
});

const authenticated = { auth: { jwt: { authorizer: authorizer.id } } };

const getHealth = createFunction({
  name: "get-health",
  folder: "api",
  timeout: "10 seconds",
  may: [],
});

const getOpenApi = createFunction({
  name: "get-openapi",
  folder: "api",
  timeout: "10 seconds",
  may: [],
});

const answerUnknown = createFunction({
  name: "answer-unknown",
  folder: "api",
  timeout: "10 seconds",
  may: [],
});

const listFlows = createFunction({
  name: "list-flows",
  folder: "api",
  timeout: "20 seconds",
  may: ["assumeDirectory"],
});

const getFlow = createFunction({
  name: "get-flow",
  folder: "api",
  timeout: "20 seconds",
  may: ["assumeDirectory"],
});

const listRequests = createFunction({
  name: "list-requests",
  folder: "api",
  timeout: "25 seconds",
  may: ["readTable", "queryRequests", "assumeDirectory"],
});

const createRequest = createFunction({
  name: "create-request",
  folder: "api",
  timeout: "25 seconds",
  may: ["readAndWriteTable", "startExecutions", "publishEvents", "assumeDirectory"],
});

const getRequest = createFunction({
  name: "get-request",
  folder: "api",
  timeout: "20 seconds",
  may: ["readTable", "assumeDirectory"],
});

/** What writes on a request what a person wants, and then wakes its workflow. */
const createAction = (name: FunctionName, more: GrantName[] = []): sst.aws.Function =>
  createFunction({
    name,
    folder: "api",
    timeout: "25 seconds",
    may: ["readAndWriteTable", "endWaits", "publishEvents", "assumeDirectory", ...more],
  });

const actions = {
  Approve: createAction("approve-request"),
  Deny: createAction("deny-request"),
  Cancel: createAction("cancel-request"),
  Revoke: createAction("revoke-request"),
  Extend: createAction("extend-request", ["createSchedules"]),
};

// The two routes without a token: load balancers and monitors have none, nor has whoever is about to write a client. They tell nothing that is not published.
api.route("GET /health", getHealth.arn, { name: "GetHealth" });
api.route("GET /openapi.json", getOpenApi.arn, { name: "GetOpenApi" });
// Behind the authorizer: without a token, what exists and what does not look the same, and whoever tries paths pays for no function of ours.
api.route("$default", answerUnknown.arn, { name: "AnswerUnknown", ...authenticated });
api.route("GET /flows", listFlows.arn, { name: "ListFlows", ...authenticated });
api.route("GET /flows/{flow}", getFlow.arn, { name: "GetFlow", ...authenticated });
api.route("GET /requests", listRequests.arn, { name: "ListRequests", ...authenticated });
api.route("POST /requests", createRequest.arn, { name: "CreateRequest", ...authenticated });
api.route("GET /requests/{id}", getRequest.arn, { name: "GetRequest", ...authenticated });
for (const [name, action] of Object.entries(actions))
  api.route(`POST /requests/{id}/${name.toLowerCase()}`, action.arn, {
    name: `${name}Request`,
    ...authenticated,
  });

/** Where people and front doors reach Curfew. */
export const url = api.url;
