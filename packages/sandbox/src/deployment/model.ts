import type { PolicyDocument } from "./resources.ts";

/** One of Curfew's Lambda functions. */
export interface FunctionConfig {
  name: string;
  arn: string;
  description: string;
  /** ARN of the execution role. */
  role: string;
  /** Seconds. */
  timeout: number;
  /** MB. */
  memory: number;
  runtime: string;
  environment: Readonly<Record<string, string>>;
  /** `<path of the module without its extension>.<export>`, from the repository's root. */
  handler: string;
  /** What `Resource.<Name>` of `sst` answers. */
  links: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** SST's `nodejs` options of the function, which decide how it is bundled. */
  nodejs: Readonly<Record<string, unknown>>;
}

/** How Lambda treats a function's asynchronous events. */
export interface AsyncConfig {
  functionArn: string;
  /** Retries after the first attempt: 0, 1 or 2. */
  retries: number;
  /** Seconds an event may wait and be retried. */
  maximumAge: number;
  /** ARN that gets the record of an event that was given up. */
  onFailure: string | undefined;
}

/** A rule of EventBridge's default bus: matches events, or fires on a schedule. */
export interface Rule {
  name: string;
  arn: string;
  enabled: boolean;
  pattern: unknown;
  /** `rate(…)`. */
  schedule: string | undefined;
  targets: readonly {
    id: string;
    arn: string;
    input: string | undefined;
    /** The queue for what could not be handed over. */
    deadLetterArn?: string | undefined;
  }[];
}

/** One route of the HTTP API. */
export interface ApiRoute {
  /** `GET /requests/{id}`, or `$default`. */
  key: string;
  functionArn: string;
  /** Milliseconds the gateway waits for the function. */
  timeout: number;
  /** Absent: anyone may call it. */
  authorizer: { issuer: string; audiences: readonly string[] } | undefined;
}

/** A DynamoDB table, as `CreateTable` needs it. */
export interface Table {
  name: string;
  arn: string;
  hashKey: string;
  rangeKey?: string | undefined;
  attributes: readonly { name: string; type: "S" | "N" | "B" }[];
  globalSecondaryIndexes: readonly {
    name: string;
    hashKey: string;
    rangeKey?: string | undefined;
    projectionType: "ALL" | "KEYS_ONLY" | "INCLUDE";
    nonKeyAttributes?: readonly string[] | undefined;
  }[];
}

/** A role with everything that decides what it may do. */
export interface Role {
  name: string;
  arn: string;
  trust: PolicyDocument;
  policies: readonly { name: string; document: PolicyDocument }[];
  managedPolicyArns: readonly string[];
}

/** What SST would deploy into the hub. */
export interface Deployment {
  app: string;
  stage: string;
  region: string;
  /** The hub's account id. */
  accountId: string;
  functions: readonly FunctionConfig[];
  asyncConfigs: readonly AsyncConfig[];
  permissions: readonly {
    functionArn: string;
    action: string;
    principal: string;
    sourceArn: string | undefined;
    sourceAccount: string | undefined;
  }[];
  machines: readonly { name: string; arn: string; roleArn: string; definition: unknown }[];
  scheduleGroups: readonly { name: string; arn: string }[];
  rules: readonly Rule[];
  queues: readonly {
    name: string;
    arn: string;
    policy: PolicyDocument | undefined;
    /** Seconds a message is kept. */
    retention: number | undefined;
  }[];
  topics: readonly { name: string; arn: string }[];
  tables: readonly Table[];
  routes: readonly ApiRoute[];
  roles: readonly Role[];
}
