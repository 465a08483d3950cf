import { fileURLToPath } from "node:url";
import { acme } from "./aws/acme.ts";
import { createCallers } from "./aws/credentials.ts";
import { type Crowd, withCrowd } from "./aws/crowd.ts";
import { relaxed, strict } from "./aws/identity-center/limits.ts";
import type { DeliveredMessage } from "./aws/services/sns.ts";
import { createSqs } from "./aws/services/sqs.ts";
import { createClock } from "./clock.ts";
import { deploymentOf } from "./configuration.ts";
import { createCron } from "./cron.ts";
import type { Deployment } from "./deployment.ts";
import { createFaults } from "./faults/faults.ts";
import { createInject } from "./faults/inject.ts";
import { openFunctionLog } from "./function-log.ts";
import { createFaultRoutes } from "./gateway/fault-routes.ts";
import { createGateway } from "./gateway/gateway.ts";
import { createInvocationRoutes } from "./gateway/invocation-routes.ts";
import { createIssuer } from "./gateway/issuer.ts";
import { createObservationRoutes } from "./gateway/observation-routes.ts";
import { createSandboxRoutes, longestToken } from "./gateway/sandbox-routes.ts";
import { bundleFunctions } from "./lambda/bundles.ts";
import { recordInvocations } from "./lambda/invocations.ts";
import { createLambda } from "./lambda/lambda.ts";
import { createPool, limitsWith } from "./lambda/pool.ts";
import { customerFunctions, deployedFunctions } from "./lambda/specs.ts";
import type { Log } from "./log.ts";
import { createServices } from "./services.ts";
import { openStateDirectory } from "./state-directory.ts";
import { openStore } from "./store.ts";
import { openTimeLapse } from "./time-lapse.ts";

export interface BootOptions {
  /** Where everything is kept. */
  state: string;
  /** Whether to forget what is there. */
  fresh?: boolean;
  /** Port of the API; 0 picks a free one. */
  port: number;
  /** Port of the AWS endpoint; 0 picks a free one. */
  awsPort: number;
  log: Log;
  /** Told of each notification as it is published. */
  onNotification?: (message: DeliveredMessage) => void;
  /** A file in the place of `curfew.config.ts`. */
  config?: string | undefined;
  /** Whether Identity Center is as slow and as narrow as in AWS. */
  strict?: boolean;
  /** How many times as fast as real time the sandbox's may pass, on average. */
  timeLapse?: number;
  /** By name: how many workers a function may have at a time, where that is not as many as any other. */
  workers?: ReadonlyMap<string, number>;
  /** What the organisation has beside Acme's own. */
  crowd?: Crowd | undefined;
  /** What to run instead of packages/sandbox/deployment.json. */
  deployment?: Deployment;
  /** Milliseconds before the first and the second retry of an asynchronous event, in the place of Lambda's own. */
  retryDelays?: readonly number[];
}

/** A running sandbox. */
export interface Sandbox {
  apiUrl: string;
  awsUrl: string;
  /** The file with what the functions wrote. */
  functionLog: string;
  /** The sandbox's time, in milliseconds since the epoch. */
  now(): number;
  /** Stops where it stands: what was under way goes on at the next boot from the same directory. */
  close(): Promise<void>;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const deploymentFile = fileURLToPath(new URL("../deployment.json", import.meta.url));

/** The identity provider that the API's authorizer trusts; its part is played by the sandbox. */
const identityOf = (deployment: Deployment): { issuer: string; audience: string } => {
  const authorizer = deployment.routes.find((route) => route.authorizer)?.authorizer;
  const { issuer = "http://localhost", audiences = [] } = authorizer ?? {};
  return { issuer, audience: audiences[0] ?? "curfew" };
};

/** Lambda's defaults, for a function of which the deployment says nothing. */
const defaultAsyncConfig = { retries: 2, maximumAge: 6 * 3600, onFailure: undefined };

/**
 * Starts the whole product on this machine.
 *
 * @throws Error when a port or the directory is taken, the configuration is not valid, a function does not compile, or the deployment cannot be run
 */
export const boot = async (options: BootOptions): Promise<Sandbox> => {
  const { log, config, onNotification = () => {}, timeLapse = 1 } = options;
  const deployment =
    options.deployment ?? (await deploymentOf({ root, deploymentFile, log }, config));
  const { accountId, region, functions, asyncConfigs, queues } = deployment;
  const organization = withCrowd(acme, options.crowd);
  // Taken down in the reverse order: at the end, or as far as it got when something is in the way.
  await using started = new AsyncDisposableStack();

  const directory = openStateDirectory(options.state, options.fresh ?? false);
  started.defer(directory.release);
  const store = openStore(directory.database);
  started.defer(store.close);
  const clock = openTimeLapse(store, { machine: createClock(), factor: timeLapse });
  // What is kept gets its timers further down: until then, nothing of its time may be skipped.
  using _ = clock.hold();
  const [bundles, issuer] = await Promise.all([
    bundleFunctions({ root, directory: directory.bundles, config }, functions),
    createIssuer({ store, clock, ...identityOf(deployment) }),
  ]);

  let awsUrl = "";
  const callers = createCallers({
    store,
    clock,
    accounts: organization.accounts.map(({ id }) => id),
    managementAccount: organization.managementAccount,
  });
  const functionLog = openFunctionLog(directory.functionLog, clock);
  started.defer(functionLog.close);
  const pool = createPool({
    clock,
    issue: ({ name, arn, role }, seconds, workerId) =>
      callers.issue(
        {
          accountId: arn.split(":")[4] ?? accountId,
          roleArn: role,
          sessionName: name,
          worker: { functionName: name, id: workerId },
        },
        seconds,
      ),
    onLine: functionLog.write,
    limits: limitsWith(options.workers, `${deployment.app}-${deployment.stage}-`),
    // Where the sandbox's time is the machine's, a function's `Date` is left alone.
    ...(timeLapse > 1 || clock.ahead() > 0 ? { ahead: clock.ahead } : {}),
  });
  started.defer(pool.close);
  const faults = createFaults({ clock });
  const sqs = createSqs({ store, clock, queues, endpointUrl: () => awsUrl });
  const customers = customerFunctions(organization.functions, region);
  const watchedPool = recordInvocations({ pool, store, clock, watched: customers });
  const lambda = createLambda({
    functions: [...deployedFunctions(deployment, bundles, () => awsUrl), ...customers],
    pool: watchedPool,
    store,
    clock,
    log,
    queues: sqs,
    deliveries: faults.deliveries,
    configOf: (arn) => asyncConfigs.find((it) => it.functionArn === arn) ?? defaultAsyncConfig,
    ...(options.retryDelays === undefined ? {} : { retryDelays: options.retryDelays }),
  });
  const services = createServices({
    deployment,
    organization,
    store,
    clock,
    log,
    callers,
    directory,
    lambda,
    sqs,
    limits: options.strict ? strict : relaxed,
    inject: createInject({ faults, clock, kill: pool.kill }),
    onDelivered: onNotification,
  });
  const { callLog, dynamoDb, endpoint, events, sns } = services;
  const cron = createCron({
    rules: deployment.rules,
    accountId,
    region,
    store,
    clock,
    lambda,
    isEnabled: events.isEnabled,
    log,
  });
  const { users } = organization;
  const offered = {
    operations: services.operations,
    lagging: services.lagging,
    functions: lambda.functions.map(({ name }) => name),
    prefix: `${deployment.app}-${deployment.stage}-`,
  };
  const gateway = createGateway({
    deployment,
    lambda,
    issuer,
    clock,
    log,
    sandboxRoutes: createSandboxRoutes({
      issuer,
      users,
      inbox: sns.messages,
      // Twelve hours would be over before anybody has pasted the token.
      ...(timeLapse > 1 ? { tokenLifetime: longestToken } : {}),
      more: {
        ...createInvocationRoutes(watchedPool),
        ...createObservationRoutes({ callLog, clock }),
        ...createFaultRoutes({ faults, offered }),
      },
    }),
  });

  await dynamoDb.start();
  started.defer(dynamoDb.stop);
  // Before the servers go: nothing may be begun that would find one of them gone.
  started.defer(clock.stop);
  awsUrl = `http://127.0.0.1:${await endpoint.listen(options.awsPort)}`;
  started.defer(endpoint.close);
  services.resume();
  started.defer(services.stop);
  lambda.resume();
  cron.start();
  started.defer(cron.stop);
  const apiUrl = `http://127.0.0.1:${await gateway.listen(options.port)}`;
  started.defer(gateway.close);

  const running = started.move();
  return {
    apiUrl,
    awsUrl,
    functionLog: directory.functionLog,
    now: clock.now,
    close: () => running.disposeAsync(),
  };
};
