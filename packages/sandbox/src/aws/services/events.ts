import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Clock } from "../../clock.ts";
import type { Rule } from "../../deployment/model.ts";
import type { LambdaRuntime } from "../../lambda/runtime.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store.ts";
import { accountOf } from "../arn.ts";
import { compilePattern } from "../event-pattern.ts";
import type { BusEvent, EventBus } from "../events-bus.ts";
import { paginate } from "../pagination.ts";
import type { Queues } from "../queues.ts";
import { AwsError, type Call, type Service } from "../service.ts";
import { validate } from "../validate.ts";

/** EventBridge's default bus of the hub. */
export interface Events extends Service, EventBus {
  /** Whether the rule is enabled: asked by whoever fires the rules that have a schedule. */
  isEnabled(ruleName: string): boolean;
}

const bus = { EventBusName: z.string().optional() };
const page = {
  Limit: z.number().int().min(1).max(100).default(100),
  NextToken: z.string().optional(),
};
const OfRule = z.object({ Name: z.string().min(1).max(64), ...bus });
const ListRules = z.object({ NamePrefix: z.string().default(""), ...bus, ...page });
const ListTargets = z.object({ Rule: z.string().min(1).max(64), ...bus, ...page });

/** The event as a target gets it: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const envelope = (event: BusEvent, now: number) => ({
  version: "0",
  id: randomUUID(),
  "detail-type": event["detail-type"],
  source: event.source,
  account: event.account,
  time: new Date(now).toISOString().replace(/\.\d+Z$/, "Z"),
  region: event.region,
  resources: event.resources,
  detail: event.detail,
});

/** Matches events with the deployment's rules and hands them to Lambda's queue, as EventBridge does (asynchronously). */
export const createEvents = (deps: {
  rules: readonly Rule[];
  lambda: LambdaRuntime;
  queues: Queues;
  store: Store;
  clock: Clock;
  log: Log;
}): Events => {
  const { rules, lambda, queues, clock, log } = deps;
  /** Rules that were switched since the deployment, by name. */
  const switched = deps.store.collection<{ enabled: boolean }>("rule-states");
  const matchers = new Map(
    rules.flatMap((rule) =>
      rule.pattern === undefined ? [] : [[rule.name, compilePattern(rule.pattern)]],
    ),
  );

  const enabled = (rule: Rule): boolean => switched.get(rule.name)?.enabled ?? rule.enabled;

  const mine = (call: Call): Rule[] =>
    rules.filter(({ arn }) => accountOf(arn) === call.caller.accountId);

  const rule = (call: Call, name: string): Rule => {
    const found = mine(call).find((it) => it.name === name);
    if (found !== undefined) return found;
    throw new AwsError(
      "ResourceNotFoundException",
      `Rule ${name} does not exist on EventBus default.`,
    );
  };

  const describe = (it: Rule) => ({
    Name: it.name,
    Arn: it.arn,
    EventPattern: it.pattern === undefined ? undefined : JSON.stringify(it.pattern),
    ScheduleExpression: it.schedule,
    State: enabled(it) ? "ENABLED" : "DISABLED",
    EventBusName: "default",
  });

  /** What could not be handed over goes to the target's dead-letter queue, if it has one. */
  const bury = (
    it: Rule,
    target: Rule["targets"][number],
    event: unknown,
    cause: unknown,
  ): void => {
    if (target.deadLetterArn === undefined || !queues.has(target.deadLetterArn)) return;
    queues.send(target.deadLetterArn, JSON.stringify(event), {
      RULE_ARN: it.arn,
      TARGET_ARN: target.arn,
      ERROR_CODE: cause instanceof AwsError ? cause.code : "INTERNAL_ERROR",
    });
  };

  const deliver = (it: Rule, event: unknown): void => {
    for (const target of it.targets) {
      try {
        lambda.enqueue(target.arn, target.input === undefined ? event : JSON.parse(target.input));
      } catch (error) {
        // As on AWS: whoever put the event on the bus does not hear of it.
        log.error(`The rule ${it.name} could not reach ${target.arn}.`, error);
        bury(it, target, event, error);
      }
    }
  };

  const turn = (call: Call, on: boolean): unknown => {
    const { name } = rule(call, validate(OfRule, call.input).Name);
    switched.put(name, { enabled: on });
    return {};
  };

  const listRules = (call: Call): unknown => {
    const input = validate(ListRules, call.input);
    const found = mine(call).filter(({ name }) => name.startsWith(input.NamePrefix));
    const { items, nextToken } = paginate(found, ({ name }) => name, {
      list: `rules:${input.NamePrefix}`,
      token: input.NextToken,
      size: input.Limit,
    });
    return { Rules: items.map(describe), NextToken: nextToken };
  };

  const listTargets = (call: Call): unknown => {
    const input = validate(ListTargets, call.input);
    const { items, nextToken } = paginate(rule(call, input.Rule).targets, ({ id }) => id, {
      list: `targets:${input.Rule}`,
      token: input.NextToken,
      size: input.Limit,
    });
    const Targets = items.map(({ id, arn, input: Input }) => ({ Id: id, Arn: arn, Input }));
    return { Targets, NextToken: nextToken };
  };

  return {
    signingName: "events",
    operations: {
      ListRules: listRules,
      DescribeRule: (call) => describe(rule(call, validate(OfRule, call.input).Name)),
      ListTargetsByRule: listTargets,
      EnableRule: (call) => turn(call, true),
      DisableRule: (call) => turn(call, false),
    },
    isEnabled: (ruleName) => {
      const found = rules.find(({ name }) => name === ruleName);
      return found !== undefined && enabled(found);
    },
    publish: (event) => {
      const full = envelope(event, clock.now());
      for (const it of rules) {
        if (enabled(it) && matchers.get(it.name)?.(full) === true) deliver(it, full);
      }
    },
  };
};
