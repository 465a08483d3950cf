import * as z from "zod";

/** What faults may name. */
export interface Offered {
  /** Signing name → operations. */
  operations: ReadonlyMap<string, readonly string[]>;
  /** Names of all functions. */
  functions: readonly string[];
  /** What the names of the deployment's functions begin with, such as `curfew-sandbox-`. */
  prefix: string;
}

/** The hand-over of an asynchronous event to its function: the one operation that no API has. */
export const enqueue = { service: "lambda", operation: "Enqueue" };

/** Services under the names that the SDK's packages and people have for them. */
const aliases: Readonly<Record<string, string>> = {
  eventbridge: "events",
  "identity-store": "identitystore",
  sfn: "states",
  "sso-admin": "sso",
  "step-functions": "states",
};

const Given = z.strictObject({
  service: z.string(),
  /** `*` for any. */
  operation: z.string(),
  error: z
    .string()
    .regex(/^(throttled|internal|[A-Z][A-Za-z.]*)$/, {
      error: 'must be "throttled", "internal" or the name of an exception, as ConflictException',
    })
    .optional(),
  when: z.enum(["before", "after"]).default("before"),
  times: z.int().min(1).nullable().default(1),
  /** How many calls that it could strike are spared first. */
  skip: z.int().min(1).optional(),
  /** Milliseconds. */
  latency: z.int().min(1).max(900_000).optional(),
  duplicate: z.literal(true).optional(),
  kill: z.literal(true).optional(),
  /** With or without the deployment's prefix, and without the strategy where there is one function per strategy. */
  function: z.string().optional(),
});

/** A fault as it was asked for, its service and functions under their real names. */
export interface Fault extends Omit<z.infer<typeof Given>, "function"> {
  /** Only calls of these; undefined for anybody's. */
  functions?: readonly string[];
}

const functionsOf = (given: string, { functions, prefix }: Offered): string[] =>
  functions.filter((name) => {
    const short = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    return name === given || short === given || short.startsWith(`${given}-aws_`);
  });

/** The rules that no single member can break. */
const broken = (fault: z.infer<typeof Given>, offered: Offered): [string, string][] => {
  const { service, operation, error, latency, duplicate, kill } = fault;
  const operations = offered.operations.get(service);
  if (operations === undefined)
    return [["service", `must be one of ${[...offered.operations.keys()].sort().join(", ")}`]];
  const rules: [string, string][] = [];
  const isEnqueue = service === enqueue.service && operation === enqueue.operation;
  const known = operation === "*" || isEnqueue || operations.includes(operation);
  if (!known) rules.push(["operation", `must be *, or one of ${operations.join(", ")}`]);
  if (duplicate && !isEnqueue)
    rules.push(["duplicate", "is for the service lambda and the operation Enqueue only"]);
  if (isEnqueue && (error !== undefined || kill))
    rules.push([kill ? "kill" : "error", "is not for Enqueue, which takes duplicate and latency"]);
  if (error !== undefined && kill)
    rules.push(["kill", "cannot go with error: who is killed gets no answer"]);
  if (error === undefined && !kill && !duplicate && latency === undefined)
    rules.push(["error", "is missing: a fault needs error, kill, latency or duplicate"]);
  return rules;
};

/** The schema of a fault, for what this sandbox offers. */
export const faultSchema = (offered: Offered): z.ZodType<Fault> =>
  Given.transform((given, context) => {
    const { function: name, ...fault } = {
      ...given,
      service: aliases[given.service] ?? given.service,
    };
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    for (const [path, message] of broken({ ...fault }, offered)) refuse(path, message);
    if (name === undefined) return fault;
    const functions = functionsOf(name, offered);
    if (functions.length === 0)
      refuse("function", `must be one of ${offered.functions.join(", ")}`);
    return { ...fault, functions };
  });
