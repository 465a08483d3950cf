import type { RequestId } from "../ids.ts";
import { armRevocation } from "../operations/arm-revocation.ts";
import { deescalate } from "../operations/deescalate.ts";
import { escalate } from "../operations/escalate.ts";
import { updateRequest } from "../operations/update.ts";
import { requestEnd } from "../request/lifecycle.ts";
import { actorOf } from "../request/person.ts";
import { bob } from "./builders.ts";
import type { World } from "./world.ts";

/** Arms and escalates, as the workflow does when nothing goes wrong. */
export const grantAccess = async (world: World, id: RequestId): Promise<{ seconds: number }> => {
  await armRevocation(world.ports, id);
  return escalate(world.ports, world.config, id, world.deadline());
};

/** Bob revokes, and the workflow deescalates. */
export const endAccess = async (world: World, id: RequestId): Promise<void> => {
  const end = { reason: "revoked" as const, by: actorOf(bob), at: world.clock.at() };
  await updateRequest(world.ports, id, requestEnd(end));
  await deescalate(world.ports, id, world.deadline());
};
