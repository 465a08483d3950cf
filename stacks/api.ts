import { identity } from "./config.ts";
import { createFunction } from "./function.ts";
import type { FunctionName } from "./permissions.ts";
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

const listFlows = createFunction({
  name: "list-flows",
  folder: "api",
  timeout: "20 seconds",
  may: ["assumeDirectory"],
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
const createAction = (name: FunctionName): sst.aws.Function =>
  createFunction({
    name,
    folder: "api",
    timeout: "25 seconds",
    may: ["readAndWriteTable", "endWaits", "publishEvents", "assumeDirectory"],
  });

const actions = {
  Approve: createAction("approve-request"),
  Deny: createAction("deny-request"),
  Cancel: createAction("cancel-request"),
  Revoke: createAction("revoke-request"),
};

// The one route without a token: load balancers and monitors have none, and it tells nothing.
api.route("GET /health", getHealth.arn, { name: "GetHealth" });
api.route("GET /flows", listFlows.arn, { name: "ListFlows", ...authenticated });
api.route("POST /requests", createRequest.arn, { name: "CreateRequest", ...authenticated });
api.route("GET /requests/{id}", getRequest.arn, { name: "GetRequest", ...authenticated });
for (const [name, action] of Object.entries(actions))
  api.route(`POST /requests/{id}/${name.toLowerCase()}`, action.arn, {
    name: `${name}Request`,
    ...authenticated,
  });

/** Where people and front doors reach Curfew. */
export const url = api.url;
