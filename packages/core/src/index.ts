export { connectorRoles, formerRoles } from "./config/connector-roles.ts";
export { ConfigError, parseConfig } from "./config/parse-config.ts";
export { Config, type ConfigInput, defineConfig, type Flow } from "./config/schema.ts";
export { Duration, formatDuration, longestDuration, parseDuration } from "./durations.ts";
export { type ErrorCode, type ErrorKind, errorCodes } from "./errors/codes.ts";
export { CurfewError, type InputProblem } from "./errors/curfew-error.ts";
export { failureOf } from "./errors/failure.ts";
export { parseInput } from "./errors/parse-input.ts";
export {
  isWorkflowError,
  WorkflowError,
  type WorkflowErrorName,
  workflowErrors,
} from "./errors/workflow-errors.ts";
export { executionName, parseExecutionName, RequestId, scheduleName } from "./ids.ts";
export { isTooDeep } from "./json.ts";
export { Lease } from "./lease/lease.ts";
export { listLag } from "./lease/ledger.ts";
export { armRevocation } from "./operations/arm-revocation.ts";
export { awaitApproval, awaitEnd, awaitExpiry } from "./operations/await-signal.ts";
export { cancelRequest } from "./operations/cancel-request.ts";
export { createRequest, type NewRequest } from "./operations/create-request.ts";
export { approveRequest, denyRequest } from "./operations/decide-approval.ts";
export { deescalate } from "./operations/deescalate.ts";
export { drain, type Remainder } from "./operations/drain.ts";
export { escalate } from "./operations/escalate.ts";
export { exactWait } from "./operations/expiry.ts";
export { ExtensionBody, extendRequest } from "./operations/extend-request.ts";
export {
  type Exits,
  findStranded,
  type Stranded,
  type StrandedReport,
} from "./operations/find-stranded.ts";
export { setIntake } from "./operations/intake.ts";
export { FlowView, listFlows, readFlow } from "./operations/list-flows.ts";
export { listRequests, type RequestQuery } from "./operations/list-requests.ts";
export { readRequestAs, requesterNamed } from "./operations/read-request.ts";
export { type ReconciledLeases, reconcileLeases } from "./operations/reconcile-leases.ts";
export { type ReconciledRequests, reconcileRequests } from "./operations/reconcile-requests.ts";
export { recover } from "./operations/recover.ts";
export { revokeRequest } from "./operations/revoke-request.ts";
export { tryRequest } from "./operations/try-request.ts";
export type { Invocation } from "./operations/under-lock.ts";
export { wake } from "./operations/wake.ts";
export { RequestBody } from "./policy/decide-request.ts";
export type { DocumentKind, Documents, Page, Stored } from "./ports/documents.ts";
export type {
  Clock,
  Directory,
  Hash,
  Ids,
  Log,
  MetricName,
  Metrics,
  Ports,
  Publisher,
  Schedules,
  Workflow,
  WorkflowStart,
} from "./ports/index.ts";
export {
  idempotencyKind,
  intakeKind,
  leaseKind,
  requestIndexes,
  requestKind,
  walkKind,
} from "./ports/kinds.ts";
export type {
  Attempt,
  Change,
  ChangeFailure,
  StepAnswer,
  Strategy,
  StrategyDefinition,
  Subject,
} from "./ports/strategy.ts";
export { Access, type IntegrationSnapshot, Settings } from "./request/access.ts";
export { fittingErrors } from "./request/errors.ts";
export { EventName, RequestEvent, Severity } from "./request/events.ts";
export { IdempotencyRecord } from "./request/idempotency.ts";
export { lateAfter } from "./request/lateness.ts";
export type { Notification } from "./request/notification.ts";
export { NotificationMessage } from "./request/notification-message.ts";
export { Actor, operator, Person } from "./request/person.ts";
export { outputsOf, Request } from "./request/request.ts";
export { isTerminal, RequestStatus } from "./request/status.ts";
export { DryRunView, RequestSummary, RequestView, summaryOf, viewOf } from "./request/view.ts";
export { Timestamp, timestamp } from "./time.ts";
