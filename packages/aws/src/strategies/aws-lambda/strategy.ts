import {
  type Attempt,
  type Clock,
  failureOf,
  type StepAnswer,
  type Strategy,
  type Subject,
  WorkflowError,
  workflowErrors,
} from "@curfew/core";
import { wasRefused } from "../../errors.ts";
import type { Sessions } from "../../sessions.ts";
import { emptyAnswer, readAnswer } from "./answer.ts";
import { awsLambdaDefinition, FunctionSettings } from "./definition.ts";
import { type Invoked, invoke, longestInvocation } from "./invoke.ts";
import { type EventType, payloadOf } from "./payload.ts";

/** Pauses before a function that crashed when it was to take access away is called again, in milliseconds. */
const pauses = [5_000, 15_000, 30_000];

/** For what comes before and after a call, in milliseconds: the session of the connector's role, and the lease. */
const leeway = 20_000;

/*
 * What is written down in the lease. `escalate` says that the function was, or may have been, called to give access: without it there is
 * nothing to take away. Crashes are counted there, so that a retry of our own invocation does not start over.
 */
const escalated = "escalate";
const crash = (count: number): string => `deescalate crashed (${count})`;
const crashesIn = ({ pending }: Attempt): number =>
  pending.filter((operation) => operation.startsWith("deescalate crashed")).length;

/** Lets customers' own functions give access and take it away. */
export const createAwsLambda = (sessions: Sessions, clock: Clock): Strategy => {
  /** Invokes the function; `before` is the last thing that is done before that. */
  const call = async (
    type: EventType,
    subject: Subject,
    attempt: Attempt,
    before?: () => Promise<void>,
  ): Promise<Invoked> => {
    const { integration, session, target } = subject.access;
    const settings = FunctionSettings.parse(target.settings);
    const credentials = await sessions(integration, session)();
    await attempt.beforeChange(longestInvocation(settings));
    await before?.();
    return invoke(settings, credentials, payloadOf(type, subject));
  };

  return {
    ...awsLambdaDefinition,
    patience: ({ target }) =>
      longestInvocation(FunctionSettings.parse(target.settings)) + Math.max(...pauses) + leeway,

    prepare: async ({ integration, session }) => void (await sessions(integration, session)()),

    // Nobody but the function knows who has what. That its account lets us in is found out while nothing has been given.
    inspect: async ({ access }) => {
      await sessions(access.integration, access.session)();
      return false;
    },

    escalate: async (subject, attempt) => {
      const again = attempt.pending.includes(escalated);
      try {
        const invoked = await call("escalate", subject, attempt, () => attempt.remember(escalated));
        if (invoked.kind === "crashed")
          throw new WorkflowError(workflowErrors.fatalFunctionError, crashed(invoked.reason));
        return answerOf(invoked);
      } catch (error) {
        // Lambda itself said no, and no earlier call can have come through either: nothing was given.
        if (!again && wasRefused(error)) await attempt.forget(escalated);
        throw error;
      }
    },

    deescalate: async (subject, attempt) => {
      if (!attempt.pending.includes(escalated)) return {};
      let reason = "see its log";
      for (let crashes = crashesIn(attempt); crashes <= pauses.length; crashes += 1) {
        await clock.sleep(pauses[crashes - 1] ?? 0);
        const invoked = await call("deescalate", subject, attempt);
        if (invoked.kind !== "crashed") return answerOf(invoked);
        reason = invoked.reason;
        await attempt.remember(crash(crashes + 1));
      }
      const { fatalFunctionError: name } = workflowErrors;
      const { error, detail } = failureOf({ name, message: crashed(reason) });
      return { errors: [error], details: [detail] };
    },
  };
};

const crashed = (reason: string): string => `The function crashed: ${reason}`;

const answerOf = (invoked: Exclude<Invoked, { kind: "crashed" }>): StepAnswer =>
  invoked.kind === "accepted" ? { output: emptyAnswer } : readAnswer(invoked.payload);
