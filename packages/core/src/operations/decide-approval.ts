import { type Config, flowNamed } from "../config/schema.ts";
import { CurfewError } from "../errors/curfew-error.ts";
import { mayDecide } from "../policy/decide-approval.ts";
import type { Ports } from "../ports/index.ts";
import { decide, lapse } from "../request/approval.ts";
import { actorOf, type Person } from "../request/person.ts";
import type { Approval, Request } from "../request/request.ts";
import { timestamp } from "../time.ts";
import { publishAndWake } from "./publish-and-wake.ts";
import { readRequestAs } from "./read-request.ts";
import { refusalError } from "./refusal-error.ts";
import { updateRequest } from "./update.ts";
import { signalDecision } from "./wake.ts";

type Deps = Pick<Ports, "clock" | "requests" | "directory" | "workflow" | "publisher" | "log">;

type DecideApproval = (
  deps: Deps,
  config: Config,
  person: Person,
  id: string,
  message?: string,
) => Promise<Request>;

/**
 * Writes the decision, then wakes the workflow. The same person repeating the same decision wakes it again. A request whose time has run out lapses instead,
 * if nobody has noticed yet.
 */
const decideAs =
  (decision: Approval["decision"]): DecideApproval =>
  async (deps, config, person, id, message) => {
    const { request: found, standing } = await readRequestAs(deps, config, person, id, {
      requesterToo: true,
    });
    const right = mayDecide(standing, flowNamed(config, found.flow.name));
    if (!right.allowed) throw refusalError(right.refusal);

    const now = deps.clock.now();
    const remark = message === undefined ? {} : { message };
    const approval: Approval = { decision, by: actorOf(person), at: timestamp(now), ...remark };
    const { request } = await updateRequest(
      deps,
      found.id,
      (current) => lapse(now)(current) ?? decide(approval)(current),
    );
    await publishAndWake(deps, request, signalDecision);
    const isTheirs = request.approvals.some(
      (made) => made.by.id === person.id && made.decision === decision,
    );
    if (!isTheirs) throw wrongState(request);
    return request;
  };

/**
 * Approves a request: access may be given.
 *
 * @throws CurfewError `request.not-found`, `approval.self`, `approval.not-allowed`, or `request.wrong-state` when it was decided, cancelled or has lapsed
 */
export const approveRequest = decideAs("approved");

/** Denies a request, which ends it. Throws what {@link approveRequest} does. */
export const denyRequest = decideAs("denied");

const wrongState = ({ status, approvals, lapsesAt }: Request): CurfewError => {
  const [made] = approvals;
  if (made !== undefined)
    return new CurfewError(
      "request.wrong-state",
      `${made.by.name} has ${made.decision} it already.`,
    );
  return new CurfewError(
    "request.wrong-state",
    status === "lapsed"
      ? `Nobody decided before ${lapsesAt}: the request has lapsed.`
      : `A request that is ${status} cannot be decided on.`,
  );
};
