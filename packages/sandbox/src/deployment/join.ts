import { type DeploymentFile, present, type Resources } from "./graph.ts";
import type { ApiRoute, AsyncConfig, FunctionConfig, Role, Rule } from "./model.ts";

/** Lambda drops an asynchronous event after six hours unless told otherwise. */
const defaultEventAge = 6 * 60 * 60;

/** The functions with what SST bundles for them. */
export const joinFunctions = (
  { functions }: Resources,
  builds: DeploymentFile["builds"],
): FunctionConfig[] =>
  functions.map((it) => {
    const build = present(
      builds.find((candidate) => candidate.function === it.name),
      `build of function "${it.name}"`,
    );
    return {
      name: it.name,
      arn: it.arn,
      description: it.description ?? "",
      role: it.role,
      timeout: it.timeout,
      memory: it.memorySize,
      runtime: it.runtime,
      environment: it.environment?.variables ?? {},
      handler: build.handler,
      links: build.links,
      nodejs: build.esbuild,
    };
  });

/** Finds a function by its name, its ARN with or without qualifier, or an API Gateway invocation URI around it. */
export const functionArn = ({ functions }: Resources, reference: string): string => {
  const unqualified = /arn:aws:lambda:[^:]+:\d+:function:[^:/]+/.exec(reference)?.[0];
  return present(
    functions.find(({ name, arn }) => name === reference || arn === unqualified),
    `function "${reference}"`,
  ).arn;
};

/** How each function's asynchronous events are treated. */
export const joinAsyncConfigs = (resources: Resources): AsyncConfig[] =>
  resources.asyncConfigs.map((it) => ({
    functionArn: functionArn(resources, it.functionName),
    retries: it.maximumRetryAttempts ?? 2,
    maximumAge: it.maximumEventAgeInSeconds ?? defaultEventAge,
    onFailure: it.destinationConfig?.onFailure?.destination,
  }));

/** The rules with their targets. */
export const joinRules = ({ rules, targets }: Resources): Rule[] =>
  rules.map((rule) => ({
    name: rule.name,
    arn: rule.arn,
    enabled: rule.state !== "DISABLED",
    pattern: rule.eventPattern,
    schedule: rule.scheduleExpression,
    targets: targets
      .filter((target) => target.rule === rule.name)
      .map((target) => ({
        id: target.targetId ?? target.resourceId,
        arn: target.arn,
        input: target.input,
        deadLetterArn: target.deadLetterConfig?.arn,
      })),
  }));

/** The API's routes with the function behind each and who may call it. */
export const joinRoutes = (resources: Resources): ApiRoute[] =>
  resources.routes.map((route) => {
    const integration = present(
      resources.integrations.find((it) => route.target === `integrations/${it.resourceId}`),
      `integration of route "${route.routeKey}"`,
    );
    const authorizer = (): ApiRoute["authorizer"] =>
      present(
        resources.authorizers.find((it) => it.resourceId === route.authorizerId),
        `authorizer of route "${route.routeKey}"`,
      ).jwtConfiguration;
    return {
      key: route.routeKey,
      functionArn: functionArn(resources, integration.integrationUri),
      timeout: integration.timeoutMilliseconds,
      authorizer: route.authorizationType === "NONE" ? undefined : authorizer(),
    };
  });

/** The roles with the policies attached to each. */
export const joinRoles = ({ roles, rolePolicies }: Resources): Role[] =>
  roles.map((role) => ({
    name: role.name,
    arn: role.arn,
    trust: role.assumeRolePolicy,
    policies: [
      ...role.inlinePolicies.flatMap(({ name, policy }, index) =>
        policy === undefined ? [] : [{ name: name ?? `inline-${index}`, document: policy }],
      ),
      ...rolePolicies
        .filter((it) => it.role === role.name)
        .map((it) => ({ name: it.name ?? it.resourceId, document: it.policy })),
    ],
    managedPolicyArns: role.managedPolicyArns,
  }));
