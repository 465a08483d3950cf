import type { Strategy, Subject } from "@curfew/core";
import type { StrategyDeps } from "../deps.ts";
import { type IdentityCenterClients, sdkClients } from "./clients.ts";
import { awsSsoDefinition } from "./definition.ts";
import { groupSteps } from "./group.ts";
import { permissionSetSteps } from "./permission-set.ts";
import { sessionDurations } from "./session-duration.ts";

/** What the strategy does for one type of target. */
export type Steps = Pick<Strategy, "inspect" | "escalate" | "deescalate"> &
  Required<Pick<Strategy, "creationsWithin">>;

/** How long one attempt may take, in milliseconds: it looks for 20 seconds at most, and the reconciler's invocations last much longer. */
const patience = 60_000;

/** Gives permission sets and groups of IAM Identity Center, and takes them away. */
export const createAwsSso = (
  deps: StrategyDeps,
  clients: IdentityCenterClients = sdkClients,
): Strategy => {
  const { sessions } = deps;
  const permissionSet = permissionSetSteps(deps, clients, sessionDurations(deps, clients));
  const group = groupSteps(deps, clients);
  const stepsOf = ({ access }: Subject): Steps =>
    access.target.type === "aws_sso_group" ? group : permissionSet;
  return {
    ...awsSsoDefinition,
    patience: () => patience,
    prepare: async ({ integration, session }) => void (await sessions(integration, session)()),
    inspect: (subject) => stepsOf(subject).inspect(subject),
    escalate: (subject, attempt) => stepsOf(subject).escalate(subject, attempt),
    deescalate: (subject, attempt) => stepsOf(subject).deescalate(subject, attempt),
    creationsWithin: (subject, window) => stepsOf(subject).creationsWithin(subject, window),
  };
};
