import {
  approveRequest,
  createRequest,
  denyRequest,
  extendRequest,
  isTerminal,
  parseExecutionName,
  RequestBody,
  type RequestId,
  reconcileLeases,
  reconcileRequests,
  recover,
  revokeRequest,
  type WorkflowStart,
  wake,
} from "@curfew/core";
import type { World } from "@curfew/core/testing";
import type { AccessLog } from "./access-log.ts";
import {
  accounts,
  approver,
  config,
  flowFor,
  groups,
  oncall,
  people,
  permissionSets,
  sharedKeyOf,
} from "./config.ts";
import type { IdentityCenter } from "./identity-center.ts";
import { createInvoke, type Invoke } from "./network.ts";
import type { Plan } from "./plan.ts";
import { randomFrom } from "./random.ts";
import { aShippedWorld, type ShippedWorld } from "./shipped-world.ts";
import { createStateMachine } from "./state-machine.ts";

/** After this long everything must have ended, in seconds. */
const horizon = 6 * 3_600;

/** The interval of the reconcilers' crons, in seconds. */
const interval = 300;

/** Timeouts of functions off the workflow, in seconds, as the stacks set them. */
const timeouts = { api: 25, schedule: 60, reconcile: 900 };

const succeeds = async (work: () => Promise<unknown>): Promise<boolean> => {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
};

/** The acts of an administrator, who goes past Curfew. */
const administratorOf = (access: AccessLog, identityCenter: IdentityCenter) => ({
  byHand: (
    does: "give" | "take",
    planned: Pick<Plan["requests"][number], "person" | "target">,
  ): void => {
    const { id } = people[planned.person];
    const key = sharedKeyOf(planned.target, id);
    const kind = does === "give" ? "create" : "delete";
    if (key?.startsWith("membership#")) identityCenter.membershipByHand(kind, oncall, id);
    else if (
      key !== undefined &&
      access.has(key) !== (does === "give") &&
      !identityCenter.isGone(key)
    )
      access.byHand(kind, key);
  },
  vanish: ({ what, person }: Omit<Plan["vanishing"][number], "at">): void => {
    const things = {
      group: oncall,
      "permission set": permissionSets.readonly,
      user: people[person].id,
      account: accounts.prod,
    };
    identityCenter.vanish(things[what]);
  },
});

/** Plays a plan to its end: people, schedules, executions and the reconcilers, all on one clock. */
export const simulate = async (plan: Plan): Promise<ShippedWorld> => {
  const random = randomFrom(plan.seed);
  const { timing, customerFunction } = plan;
  const world = aShippedWorld({ config, groups, timing, customerFunction, random });
  const { access, identityCenter } = world;
  const { clock } = world;
  const running: Promise<unknown>[] = [];
  const ids: (RequestId | undefined)[] = [];
  const newest = new Map<RequestId, string>();
  const { byHand, vanish } = administratorOf(access, identityCenter);
  for (const had of plan.standing) byHand("give", had);
  // Standing access has stood for longer than any List lags.
  clock.advance(120);
  const invoke: Invoke = createInvoke(world, plan);
  const sleep = (seconds: number): Promise<void> => clock.sleep(seconds * 1_000);
  const until = (seconds: number): Promise<void> => sleep(Math.max(0, seconds));

  /** Lambda's asynchronous invocations: up to three attempts, a minute apart. */
  const again = async (times: number, pause: number, work: () => Promise<unknown>) => {
    for (let attempt = 1; attempt <= times; attempt += 1) {
      if (await succeeds(work)) return;
      await sleep(pause);
    }
  };

  const machine = createStateMachine(clock, invoke, config, random, (name) => {
    const request = parseExecutionName(name)?.id;
    const lost = plan.deaths.some((death) => death.lost && ids[death.request] === request);
    if (lost) return;
    running.push(again(3, 60, () => invoke(timeouts.schedule, (ports) => recover(ports, name))));
  });
  Object.assign(world.workflow, machine, {
    start: async (input: WorkflowStart) => {
      newest.set(input.request, `${input.request}.${input.k}`);
      await machine.start(input);
    },
  });

  world.schedules.onCreate = ({ request, at }) => {
    const late = (plan.latencies[0] ?? 0) % 60;
    const fire = async (): Promise<void> => {
      await until((Date.parse(at) - clock.now()) / 1_000 + late);
      await again(3, 60, () => invoke(timeouts.schedule, (ports) => wake(ports, request)));
    };
    running.push(fire());
  };

  const ask = async (asked: Plan["requests"][number], index: number): Promise<void> => {
    const person = people[asked.person];
    const body = RequestBody.parse({
      flow: flowFor(asked.target, asked.approval !== undefined),
      target: asked.target,
      duration: `${asked.duration}s`,
    });
    await sleep(asked.at);
    await again(5, 2, async () => {
      const wanted = { person, body, idempotencyKey: `${index}` };
      const made = await invoke(timeouts.api, (ports) => createRequest(ports, config, wanted));
      ids[index] = made.id;
    });
    const id = ids[index];
    if (id === undefined) return;
    const { approval, extension, releaseAfter } = asked;
    const later = async (
      after: number | undefined,
      act: (ports: World["ports"]) => Promise<unknown>,
    ): Promise<void> => {
      if (after === undefined) return;
      await sleep(after);
      await again(2, 2, () => invoke(timeouts.api, act));
    };
    const decide = approval?.decision === "deny" ? denyRequest : approveRequest;
    const wanted = { duration: `${extension?.duration ?? 0}s` };
    await Promise.all([
      later(approval?.after, (ports) => decide(ports, config, approver, id)),
      later(extension?.after, (ports) => extendRequest(ports, config, person, id, wanted)),
      later(releaseAfter, (ports) => revokeRequest(ports, config, person, id)),
    ]);
  };

  const kill = async ({ request, at }: Plan["deaths"][number]): Promise<void> => {
    await sleep(at);
    const id = ids[request];
    const name = id && newest.get(id);
    if (name !== undefined) machine.stop(name);
  };

  const administer = async ({ request, after, does }: Plan["administrator"][number]) => {
    const asked = plan.requests[request];
    if (asked === undefined) return;
    await sleep(Math.max(0, asked.at + after));
    byHand(does, asked);
  };
  const remove = async ({ at, ...planned }: Plan["vanishing"][number]): Promise<void> => {
    await sleep(at);
    vanish(planned);
  };

  const asking = plan.requests.map(ask);
  const clean = async (): Promise<void> => {
    await Promise.all(asking);
    const requests = () => again(3, 60, () => invoke(timeouts.reconcile, reconcileRequests));
    const leases = () => again(3, 60, () => invoke(timeouts.reconcile, reconcileLeases));
    // Two crons keep no distance from each other: the runs take turns between one after the other and at the same time.
    for (let at = 0, run = plan.seed; at < horizon && !isQuiet(world); at += interval, run += 1) {
      if (run % 2 === 0) await Promise.all([requests(), leases()]);
      else await requests().then(leases);
      await sleep(interval);
    }
  };
  await Promise.all([
    ...asking,
    ...plan.deaths.map(kill),
    ...plan.administrator.map(administer),
    ...plan.vanishing.map(remove),
    clean(),
  ]);
  // The list grows while it is awaited.
  for (const ended of running) await ended;
  return world;
};

/** Whether nothing is left to be done, the re-checks of closed leases included. */
const isQuiet = (world: World): boolean =>
  world.requests
    .all()
    .every(
      ({ status, published, history }) => isTerminal(status) && published === history.length,
    ) &&
  world.leases.all().every(({ state, lookAt }) => state === "closed" && lookAt === undefined);
