import { CurfewError } from "../errors/curfew-error.ts";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { RequestId } from "../ids.ts";
import type { Stored } from "../ports/documents.ts";
import type { Ports } from "../ports/index.ts";
import type { Change } from "../request/change.ts";
import type { Request } from "../request/request.ts";

/** A request as it is stored now, and whether the change was applied by this call. */
export interface Updated {
  request: Request;
  changed: boolean;
}

/** Two or three writers meet at one request; this many lost races in a row mean that something is wrong. */
const patience = 20;

/**
 * Applies a change to the stored request. The change is decided on what is stored and written on condition that it is still stored: whoever
 * loses a race decides again.
 *
 * @param seen what was read a moment ago, where it was: then it is not read first
 * @throws CurfewError `request.not-found`
 * @throws WorkflowError `ServiceUnavailable` after too many lost races
 */
export const updateRequest = async (
  { requests }: Pick<Ports, "requests">,
  id: RequestId,
  change: Change,
  seen?: Stored<Request>,
): Promise<Updated> => {
  for (let attempt = 0; attempt < patience; attempt += 1) {
    const stored = (attempt === 0 ? seen : undefined) ?? (await readStored({ requests }, id));
    const next = change(stored.document);
    if (next === undefined) return { request: stored.document, changed: false };
    const written = await requests.put(next, stored);
    if (written !== undefined) return { request: written.document, changed: true };
  }
  throw new WorkflowError(
    workflowErrors.serviceUnavailable,
    `The request ${id} is being changed by too many writers.`,
  );
};

/** The request with that id, and its revision. Throws CurfewError `request.not-found`. */
export const readStored = async (
  { requests }: Pick<Ports, "requests">,
  id: RequestId,
): Promise<Stored<Request>> => {
  const stored = await requests.get(id);
  if (stored === undefined)
    throw new CurfewError("request.not-found", `There is no request ${id}.`);
  return stored;
};

/** The request with that id. Throws CurfewError `request.not-found`. */
export const readRequest = async (deps: Pick<Ports, "requests">, id: RequestId): Promise<Request> =>
  (await readStored(deps, id)).document;
