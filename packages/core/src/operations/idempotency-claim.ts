import { CurfewError } from "../errors/curfew-error.ts";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { RequestId } from "../ids.ts";
import { canonicalJson } from "../json.ts";
import type { RequestBody } from "../policy/decide-request.ts";
import type { Ports } from "../ports/index.ts";
import { type IdempotencyRecord, idempotencyLife } from "../request/idempotency.ts";
import type { Person } from "../request/person.ts";
import { addSeconds, milliseconds, timestamp } from "../time.ts";

type Deps = Pick<Ports, "idempotency" | "clock">;

/** What an idempotency key of a caller stands for: hashes, so that neither key nor body is stored. */
export interface Claim {
  id: string;
  body: string;
}

/** The claim that a person makes with a key and a body. */
export const claimOf = (
  { hash }: Pick<Ports, "hash">,
  person: Person,
  body: RequestBody,
  key: string,
): Claim => ({
  id: hash(JSON.stringify([person.id, key])),
  body: hash(canonicalJson(body)),
});

/** The request that the key stands for, if it was used in the last 24 hours. Throws CurfewError `idempotency.mismatch` if that was with another body. */
export const findClaim = async (
  { idempotency, clock }: Deps,
  claim: Claim,
): Promise<RequestId | undefined> => {
  const stored = await idempotency.get(claim.id);
  if (stored === undefined || milliseconds(stored.document.expiresAt) <= clock.now())
    return undefined;
  if (stored.document.body !== claim.body)
    throw new CurfewError(
      "idempotency.mismatch",
      "This idempotency key was used with another body in the last 24 hours.",
    );
  return stored.document.request;
};

/** Makes the key stand for the request; of two callers at once both get the same one. */
export const makeClaim = async (
  deps: Deps,
  claim: Claim,
  request: RequestId,
): Promise<RequestId> => {
  const { idempotency, clock } = deps;
  const record: IdempotencyRecord = {
    ...claim,
    request,
    expiresAt: addSeconds(timestamp(clock.now()), idempotencyLife),
  };
  const expired = await idempotency.get(claim.id);
  const replaceable = expired && milliseconds(expired.document.expiresAt) <= clock.now();
  if ((expired === undefined || replaceable) && (await idempotency.put(record, expired)))
    return request;
  const winner = await findClaim(deps, claim);
  if (winner !== undefined) return winner;
  throw new WorkflowError(
    workflowErrors.serviceUnavailable,
    "The idempotency key is being used by several callers at once.",
  );
};
