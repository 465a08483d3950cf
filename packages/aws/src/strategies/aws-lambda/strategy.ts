import {
  type Attempt,
  failureOf,
  formatDuration,
  type StepAnswer,
  type Strategy,
  type Subject,
  WorkflowError,
  workflowErrors,
} from "@curfew/core";
import { changeFailureOf, isException } from "../../errors.ts";
import type { StrategyDeps } from "../deps.ts";
import { emptyAnswer, readAnswer } from "./answer.ts";
import { awsLambdaDefinition, FunctionSettings } from "./definition.ts";
import {
  type Invoked,
  invoke,
  type LambdaClients,
  longestInvocation,
  sdkClients,
} from "./invoke.ts";
import { type EventType, payloadOf } from "./payload.ts";

/** Pauses before a function that crashed when it was to take access away is called again, in milliseconds. */
const pauses = [5_000, 15_000, 30_000];

/** For what comes before and after a call, in milliseconds: the session of the connector's role, and the lease. */
const leeway = 20_000;

/*
 * Stored in the lease's `pending`. `escalate`: the function was called to give access; without it,
 * and without an unanswered call, there is nothing to take away. Crashes are counted there, so that
 * a retry of our own invocation does not start over.
 */
const escalated = "escalate";
const crash = (count: number): string => `deescalate crashed (${count})`;
const crashesIn = ({ pending }: Attempt): number =>
  pending.filter((operation) => operation.startsWith("deescalate crashed")).length;

/** Lets customers' own functions give access and take it away. */
export const createAwsLambda = (
  { sessions, clock }: StrategyDeps,
  clients: LambdaClients = sdkClients,
): Strategy => {
  const call = async (
    type: EventType,
    subject: Subject,
    attempt: Attempt,
    creates?: () => string,
  ): Promise<Invoked> => {
    const { integration, session, target } = subject.access;
    const settings = FunctionSettings.parse(target.settings);
    const credentials = await sessions(integration, session)();
    const duration = longestInvocation(settings);
    try {
      return await attempt.change({
        call: () => invoke(clients, settings, credentials, payloadOf(type, subject)),
        failureOf: changeFailureOf,
        duration,
        ...(creates === undefined ? {} : { creates }),
      });
    } catch (error) {
      if (!isException(error, "AbortError")) throw error;
      return { kind: "crashed", reason: `no answer within ${formatDuration(settings.timeout)}` };
    }
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
      const invoked = await call("escalate", subject, attempt, () => escalated);
      if (invoked.kind === "crashed")
        throw new WorkflowError(workflowErrors.fatalFunctionError, crashed(invoked.reason));
      return answerOf(invoked);
    },

    deescalate: async (subject, attempt) => {
      const wasCalled = attempt.pending.includes(escalated) || attempt.unanswered.length > 0;
      if (!wasCalled) return {};
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
