import { Lease } from "../lease/lease.ts";
import { closedLeaseLife } from "../lease/ledger.ts";
import { IdempotencyRecord } from "../request/idempotency.ts";
import { dueAt } from "../request/lifecycle.ts";
import { Request } from "../request/request.ts";
import { isTerminal } from "../request/status.ts";
import { milliseconds, type Timestamp } from "../time.ts";
import type { DocumentKind } from "./documents.ts";

const seconds = (at: Timestamp): number => Math.ceil(milliseconds(at) / 1_000);

/** Requests are kept for good, and open until they are over and everything about them is published. */
export const requestKind: DocumentKind<Request> = {
  name: "request",
  parse: (stored) => Request.parse(stored),
  id: (request) => request.id,
  openSince: (request) =>
    isTerminal(request.status) && request.published >= request.history.length
      ? undefined
      : (dueAt(request) ?? request.createdAt),
};

/** Leases are open until they are closed, and kept for 7 days after that. */
export const leaseKind: DocumentKind<Lease> = {
  name: "lease",
  parse: (stored) => Lease.parse(stored),
  id: (lease) => lease.key,
  openSince: (lease) => (lease.state === "closed" ? undefined : (lease.lock?.until ?? "-")),
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
