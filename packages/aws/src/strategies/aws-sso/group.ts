import type { StrategyDeps } from "../deps.ts";
import type { IdentityCenterClients } from "./clients.ts";
import { membershipOf } from "./membership.ts";
import { poller, refusedPauses } from "./poller.ts";
import { longestSession } from "./session-duration.ts";
import type { Steps } from "./strategy.ts";

/**
 * Gives group memberships, and takes them away. The identity store answers when it is done; the id of a membership that was created is kept with the
 * lease, so that it can be deleted even while a look-up does not show it yet.
 */
export const groupSteps = (deps: StrategyDeps, clients: IdentityCenterClients): Steps => ({
  inspect: async ({ access }) =>
    (await membershipOf(deps.sessions, clients, access).find()) !== undefined,

  escalate: async ({ access }, attempt) => {
    const membership = membershipOf(deps.sessions, clients, access);
    if (attempt.mayBeLag || (await membership.find()) === undefined) {
      await membership.signIn();
      await attempt.beforeChange();
      const created = await membership.create();
      if (created !== undefined) await attempt.remember(created);
    }
    await poller(deps, refusedPauses.giving)(() => membership.find());
    // What the group may do is not known, nor how long its sessions last.
    return { sessionSeconds: longestSession };
  },

  deescalate: async ({ access }, attempt) => {
    const membership = membershipOf(deps.sessions, clients, access);
    const found = await membership.find();
    const ours = new Set([...attempt.pending, ...(found === undefined ? [] : [found])]);
    for (const id of ours) {
      await membership.signIn();
      await attempt.beforeChange();
      await membership.delete(id);
    }
    await poller(
      deps,
      refusedPauses.taking,
    )(async () => ((await membership.find()) === undefined ? true : undefined));
    return {};
  },
});
