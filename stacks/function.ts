import { connectorRoleArns, directoryRoleArn, formerRoleArns } from "./config.ts";
import { links } from "./links.ts";
import { rolePath } from "./names.ts";
import { type FunctionName, type Grant, type GrantName, grantsOf } from "./permissions.ts";
import { arnOf, names, stage } from "./stage.ts";

/**
 * SST lets the whole hub account assume every function's role, so that `sst dev` can (sst 4.17.1 tests an
 * Output for `dev`, which is always true). Whoever may assume a role in the hub could then give access.
 */
$transform(sst.aws.Function, (args) => {
  const given = args.transform?.role;
  args.transform = {
    ...args.transform,
    role: (role, options, name) => {
      if (typeof given === "function") given(role, options, name);
      else Object.assign(role, given);
      if ($dev) return undefined;
      role.assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({
        Service: "lambda.amazonaws.com",
      });
      return undefined;
    },
  };
});

const hub = { names, arnOf, connectorRoleArns, formerRoleArns, directoryRoleArn };

/** `escalate-aws_sso` becomes `EscalateAwsSso`: SST's component names have neither hyphens nor underscores. */
const componentName = (name: FunctionName): string =>
  name.replaceAll(/(?:^|[-_])([a-z])/g, (_, letter: string) => letter.toUpperCase());

interface FunctionDefinition {
  name: FunctionName;
  /** The folder of its entry point in packages/functions/src. */
  folder: "api" | "workflow" | "schedule";
  /** Longer than all its retries of AWS calls together; at most 30 s behind the API. */
  timeout: `${number} seconds`;
  may: GrantName[];
  /** Where events go that failed three times, for a function that is invoked asynchronously. */
  onFailure?: $util.Input<string>;
}

/** Lambda's default, said aloud: after six hours the reconciler has long done the work. */
const maximumEventAgeInSeconds = 6 * 60 * 60;

/**
 * What the SDK would load at the moment of need, and no function ever needs: Lambda gives keys in the environment, and that is where the SDK looks first. Bundled, it is
 * a sixth of every function and keeps the rest from being shaken. Only what is imported dynamically may stand here: a static import that is not bundled keeps the function from
 * being loaded at all.
 */
const neverLoaded = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@smithy/credential-provider-imds",
];

/** Creates one Lambda function with its role, its links and exactly the listed permissions. */
export const createFunction = (definition: FunctionDefinition): sst.aws.Function => {
  const { name, folder, timeout, may, onFailure } = definition;
  const grants = grantsOf(hub, name);
  const allowed: Grant[] = may.map((grant) => grants[grant]);
  const linked = new Set(allowed.flatMap(({ link }) => link ?? []));
  return new sst.aws.Function(componentName(name), {
    name: names.function(name),
    handler: `packages/functions/src/${folder}/${name.replace("_", "-")}.handler`,
    runtime: "nodejs24.x",
    // A fifth cheaper than x86_64, and nothing in a bundle is native.
    architecture: "arm64",
    memory: "512 MB",
    // SST keeps the names of classes and functions, and the workflow's error names are literals anyway.
    nodejs: { minify: true, esbuild: { external: neverLoaded } },
    timeout,
    link: [...linked].map((link) => links[link]),
    permissions: allowed.flatMap(({ statements }) => statements),
    environment: {
      CURFEW_STAGE: stage,
      POWERTOOLS_SERVICE_NAME: "curfew",
      POWERTOOLS_METRICS_NAMESPACE: "Curfew",
    },
    logging: { format: "json", retention: "3 months" },
    ...(onFailure && { retries: 2 }),
    transform: {
      role: { name: names.function(name), path: rolePath },
      ...(onFailure && {
        eventInvokeConfig: {
          maximumEventAgeInSeconds,
          destinationConfig: { onFailure: { destination: onFailure } },
        },
      }),
    },
  });
};
