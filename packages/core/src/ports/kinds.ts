import { Lease } from "../lease/lease.ts";
import { closedLeaseLife } from "../lease/ledger.ts";
import { IdempotencyRecord } from "../request/idempotency.ts";
import { Intake } from "../request/intake.ts";
import { reconcileAt } from "../request/reconcile-at.ts";
import { Request } from "../request/request.ts";
import { isTerminal } from "../request/status.ts";
import { Walk } from "../request/walk.ts";
import { milliseconds, type Timestamp } from "../time.ts";
import type { DocumentKind } from "./documents.ts";

const seconds = (at: Timestamp): number => Math.ceil(milliseconds(at) / 1_000);

/**
 * What requests are listed by. Each way to ask has an index of its own, with and without the status, so that a page is read in one query however few
 * of the requests have that status. Their ids sort by time, newest last.
 */
export const requestIndexes = {
  all: () => "",
  status: (request) => request.status,
  requester: (request) => request.requester.id,
  requesterStatus: (request) => `${request.requester.id}#${request.status}`,
  flow: (request) => request.flow.name,
  flowStatus: (request) => `${request.flow.name}#${request.status}`,
} as const satisfies Record<string, (request: Request) => string>;

/** The name of one of {@link requestIndexes}. */
export type RequestIndex = keyof typeof requestIndexes;

/** Sorts behind every moment. */
const someTime = "~";

/**
 * Requests are kept for good, and open until they are over and everything about them is published. Earlier versions stored another
 * `openSince`, never a later one than this while the request is due: the reconciler reads the request to tell.
 */
export const requestKind: DocumentKind<Request> = {
  name: "request",
  parse: (stored) => Request.parse(stored),
  id: (request) => request.id,
  openSince: (request) =>
    isTerminal(request.status) && request.published >= request.history.length
      ? undefined
      : (reconcileAt(request) ?? someTime),
  indexes: requestIndexes,
};

/** Leases are open until they are closed and have been looked at once more, and kept for 7 days after they were closed. */
export const leaseKind: DocumentKind<Lease> = {
  name: "lease",
  parse: (stored) => Lease.parse(stored),
  id: (lease) => lease.key,
  openSince: (lease) => (lease.state === "closed" ? lease.lookAt : (lease.lock?.until ?? "-")),
  expires: (lease) =>
    lease.state === "closed" && lease.closedAt !== undefined
      ? seconds(lease.closedAt) + closedLeaseLife
      : undefined,
};

/** Idempotency records are kept for a day. */
export const idempotencyKind: DocumentKind<IdempotencyRecord> = {
  name: "idempotency",
  parse: (stored) => IdempotencyRecord.parse(stored),
  id: (record) => record.id,
  openSince: () => undefined,
  expires: (record) => seconds(record.expiresAt),
};

/** The one document that says whether requests are taken. */
export const intakeKind: DocumentKind<Intake> = {
  name: "intake",
  parse: (stored) => Intake.parse(stored),
  id: (intake) => intake.id,
  openSince: () => undefined,
};

/** Where the reconciler's walks stopped. */
export const walkKind: DocumentKind<Walk> = {
  name: "walk",
  parse: (stored) => Walk.parse(stored),
  id: (walk) => walk.id,
  openSince: () => undefined,
};
