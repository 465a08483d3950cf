import { workflowErrors } from "@curfew/core";
import type { Catcher, StateMachineDefinition } from "./asl.ts";
import { brieflyRetried, deescalationRetriers, escalationRetried } from "./retry.ts";
import { invokeState, stateNames as name, tokenState } from "./states.ts";

/** The functions that the workflow runs, by the names of their entry points; those of {@link strategyFunctions} with a strategy's name behind it. */
export const workflowFunctions = [
  "await-approval",
  "arm-revocation",
  "escalate",
  "await-expiry",
  "deescalate",
] as const;

/** One of {@link workflowFunctions}. */
export type WorkflowFunction = (typeof workflowFunctions)[number];

/**
 * The functions of which each strategy has its own, such as `escalate-aws_sso`: what reaches one service has no permission for another, and a
 * strategy that has to be patient does not keep the locks of an impatient one.
 */
export const strategyFunctions = ["escalate", "deescalate"] as const;

/** The longest timeout of a function of a strategy, in seconds: Lambda's own. */
const longestFunction = 900;

/** Keeps the state's input as it is: what went wrong is in the history. */
const onAny = (next: string): Catcher => ({
  ErrorEquals: ["States.ALL"],
  ResultPath: null,
  Next: next,
});

/** Keeps `Error` and `Cause` at `$.error`, for `Deescalate` to report. */
const onFailure: Catcher = {
  ErrorEquals: ["States.ALL"],
  ResultPath: "$.error",
  Next: name.deescalate,
};

/** Nothing is armed before its time. */
const beforeItsStart: Catcher = {
  ErrorEquals: [workflowErrors.notYet],
  ResultPath: null,
  Next: name.waitForStart,
};

/** The same for both waits: time is up, or the token could not be stored; `Deescalate` decides what that means. */
const onExpiry: readonly Catcher[] = [
  { ErrorEquals: ["States.Timeout"], ResultPath: null, Next: name.deescalate },
  onAny(name.pauseBeforeDeescalation),
];

/**
 * Builds the one state machine that carries every request from its approval to its verified end.
 *
 * Two rules keep access from outliving its curfew, and tests hold them: from "Arm revocation" on every path
 * passes "Deescalate" before it ends, and no state reads a path that may be absent, because
 * `States.Runtime` cannot be caught.
 *
 * @param functionArns the ARN of each function; an unqualified one, so that running executions call the newest code. Where each strategy has
 *   its own, what comes before the hyphen and the strategy's name.
 */
export const buildDefinition = (
  functionArns: Readonly<Record<WorkflowFunction, string>>,
): StateMachineDefinition => ({
  Comment: "Curfew: approval, escalation, expiry and deescalation of one request.",
  StartAt: name.route,
  States: {
    [name.route]: {
      Type: "Choice",
      Comment:
        "A recovery enters at Deescalate, which looks at the request before it does anything.",
      Choices: [
        { Variable: "$.enter", StringEquals: "approval", Next: name.waitForApproval },
        { Variable: "$.enter", StringEquals: "escalation", Next: name.armRevocation },
      ],
      Default: name.deescalate,
    },
    [name.waitForApproval]: tokenState({
      comment: "Ends by a signal, by its timeout or by an error; none of them is believed.",
      functionArn: functionArns["await-approval"],
      timeoutSecondsPath: "$.seconds",
      result: null,
      catch: [onAny(name.decided)],
      next: name.decided,
    }),
    [name.decided]: invokeState({
      comment:
        "Branches on the stored decision, and arms at once if it is an approval: no choice, and no task in between.",
      functionArn: functionArns["arm-revocation"],
      timeoutSeconds: 60,
      result: null,
      retry: [brieflyRetried],
      catch: [
        { ErrorEquals: [workflowErrors.notApproved], ResultPath: null, Next: name.done },
        {
          ErrorEquals: [workflowErrors.undecided],
          ResultPath: null,
          Next: name.pauseBeforeApproval,
        },
        beforeItsStart,
      ],
      next: name.escalate,
    }),
    [name.pauseBeforeApproval]: {
      Type: "Wait",
      Comment: "A signal without a decision must not spin.",
      Seconds: 5,
      Next: name.waitForApproval,
    },
    [name.armRevocation]: invokeState({
      comment: "The end is scheduled before anything is granted.",
      functionArn: functionArns["arm-revocation"],
      timeoutSeconds: 60,
      result: null,
      retry: [brieflyRetried],
      catch: [beforeItsStart, onFailure],
      next: name.escalate,
    }),
    [name.waitForStart]: {
      Type: "Wait",
      Comment:
        "Only requests that start later come here: for the others it would cost a transition.",
      TimestampPath: "$.startAt",
      Next: name.armRevocation,
    },
    [name.escalate]: invokeState({
      comment:
        "Answers once the access is verified. Any other error may have granted it: Deescalate.",
      arnPrefix: functionArns.escalate,
      timeoutSeconds: longestFunction + 30,
      result: { selector: { "seconds.$": "$.Payload.seconds" }, path: "$.expiry" },
      retry: [escalationRetried],
      catch: [onFailure],
      next: name.waitForExpiry,
    }),
    [name.waitForExpiry]: tokenState({
      comment: "The schedule signals in the minute before the end, a revocation at once.",
      functionArn: functionArns["await-expiry"],
      timeoutSecondsPath: "$.expiry.seconds",
      result: { selector: { "seconds.$": "$.seconds" }, path: "$.minute" },
      catch: onExpiry,
      next: name.waitOutTheMinute,
    }),
    [name.waitOutTheMinute]: tokenState({
      comment: "Schedules are precise to a minute; this timeout is the exact end.",
      functionArn: functionArns["await-expiry"],
      timeoutSecondsPath: "$.minute.seconds",
      result: null,
      catch: onExpiry,
      next: name.deescalate,
    }),
    [name.pauseBeforeDeescalation]: {
      Type: "Wait",
      Comment: "A wait that cannot store its token must not spin.",
      Seconds: 3,
      Next: name.deescalate,
    },
    [name.deescalate]: invokeState({
      comment: "Takes the access away if it is due, and sees it gone. Never caught.",
      arnPrefix: functionArns.deescalate,
      timeoutSeconds: longestFunction + 30,
      result: {
        selector: { "due.$": "$.Payload.due", "seconds.$": "$.Payload.seconds" },
        path: "$.expiry",
      },
      retry: deescalationRetriers,
      next: name.due,
    }),
    [name.due]: {
      Type: "Choice",
      Comment: "Extended meanwhile, or a recovery of a request whose time has not come: wait on.",
      Choices: [{ Variable: "$.expiry.due", BooleanEquals: true, Next: name.done }],
      Default: name.waitForExpiry,
    },
    [name.done]: { Type: "Succeed" },
  },
});
