import * as z from "zod";

/** What faults may name. */
export interface Offered {
  /** Signing name → operations. */
  operations: ReadonlyMap<string, readonly string[]>;
  /** Signing name → operations whose answers may lag; a service without any is left out. */
  lagging: ReadonlyMap<string, readonly string[]>;
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

/**
 * Milliseconds by which an answer may be behind. Identity Center's state remembers what it was for
 * as long.
 */
export const longestLag = 900_000;

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
  times: z.int().min(1).nullable().optional(),
  /** Milliseconds from its first strike on; after them it strikes no more. */
  lasting: z.int().min(1).max(900_000).optional(),
  /** How many calls that it could strike are spared first. */
  skip: z.int().min(1).optional(),
  /** Milliseconds. */
  latency: z.int().min(1).max(900_000).optional(),
  duplicate: z.literal(true).optional(),
  kill: z.literal(true).optional(),
  /** The caller gets no answer. */
  drop: z.literal(true).optional(),
  /** Milliseconds by which the answers of Lists and look-ups are behind the changes. */
  lag: z.int().min(1).max(longestLag).optional(),
  /** With or without the deployment's prefix, and without the strategy where there is one function per strategy. */
  function: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
});

/** A fault as it was asked for, its service and functions under their real names. */
export interface Fault extends Omit<z.infer<typeof Given>, "function" | "times"> {
  /** How many calls; null until it is cleared. */
  times: number | null;
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
  const { service, operation, error, latency, duplicate, kill, drop, lag } = fault;
  const operations = offered.operations.get(service);
  if (operations === undefined)
    return [["service", `must be one of ${[...offered.operations.keys()].sort().join(", ")}`]];
  const rules: [string, string][] = [];
  const isEnqueue = service === enqueue.service && operation === enqueue.operation;
  const known = operation === "*" || isEnqueue || operations.includes(operation);
  if (!known) rules.push(["operation", `must be *, or one of ${operations.join(", ")}`]);
  if (duplicate && !isEnqueue)
    rules.push(["duplicate", "is for the service lambda and the operation Enqueue only"]);
  const spoken = kill ? "kill" : drop ? "drop" : error !== undefined ? "error" : undefined;
  if (isEnqueue && spoken !== undefined)
    rules.push([spoken, "is not for Enqueue, which takes duplicate and latency"]);
  if (error !== undefined && kill)
    rules.push(["kill", "cannot go with error: who is killed gets no answer"]);
  if (drop && (error !== undefined || kill))
    rules.push(["drop", "cannot go with error or kill: nobody is told anything"]);
  if (spoken === undefined && !duplicate && latency === undefined && lag === undefined)
    rules.push(["error", "is missing: a fault needs error, kill, drop, latency, lag or duplicate"]);
  if (lag !== undefined) rules.push(...brokenByLag(fault, offered));
  return rules;
};

/**
 * A lag changes what is seen, and nothing else: it goes with no other mishap, and only with
 * operations that read.
 */
const brokenByLag = (
  { service, operation, error, latency, duplicate, kill, drop, when }: z.infer<typeof Given>,
  { lagging }: Offered,
): [string, string][] => {
  const operations = lagging.get(service) ?? [];
  if (operations.length === 0)
    return [["lag", `is for the services ${[...lagging.keys()].sort().join(", ")} only`]];
  const rules: [string, string][] = [];
  if (operation !== "*" && !operations.includes(operation))
    rules.push(["lag", `is for *, ${operations.join(", ")} only`]);
  const others = { error, latency, duplicate, kill, drop };
  if (Object.values(others).some((other) => other !== undefined) || when === "after")
    rules.push(["lag", "goes with no other member but times, skip, lasting and function"]);
  return rules;
};

/** The schema of a fault, for what this sandbox offers. */
export const faultSchema = (offered: Offered): z.ZodType<Fault> =>
  Given.transform((given, context) => {
    const { lag, lasting, function: name } = given;
    const { function: _, ...rest } = given;
    const times =
      given.times === undefined
        ? lag === undefined && lasting === undefined
          ? 1
          : null
        : given.times;
    const fault = { ...rest, times, service: aliases[given.service] ?? given.service };
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    for (const [path, message] of broken({ ...fault }, offered)) refuse(path, message);
    if (name === undefined) return fault;
    const functions = [name].flat().flatMap((one) => {
      const found = functionsOf(one, offered);
      if (found.length === 0) refuse("function", `must be one of ${offered.functions.join(", ")}`);
      return found;
    });
    return { ...fault, functions };
  });
