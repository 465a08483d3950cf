import type { RequestId } from "../ids.ts";
import { createRequest } from "../operations/create-request.ts";
import { extendRequest } from "../operations/extend-request.ts";
import { reconcile } from "../operations/reconcile.ts";
import { recover } from "../operations/recover.ts";
import { revokeRequest } from "../operations/revoke-request.ts";
import type { Invocation } from "../operations/under-lock.ts";
import { wake } from "../operations/wake.ts";
import { RequestBody } from "../policy/decide-request.ts";
import type { Ports, WorkflowStart } from "../ports/index.ts";
import type { Person } from "../request/person.ts";
import { isTerminal } from "../request/status.ts";
import { milliseconds } from "../time.ts";
import { aConfig, alice, bob } from "./builders.ts";
import { Crash, type Fault } from "./faults.ts";
import { runMachine } from "./machine.ts";
import { aWorld, type World } from "./world.ts";

/** What people do, and what goes wrong. All times in seconds, from noon. */
export interface Plan {
  requests: readonly {
    person: PlannedPerson;
    target: PlannedTarget;
    at: number;
    duration: number;
    /** When the person extends it, after having asked, and to how much from then. */
    extension?: { after: number; duration: number } | undefined;
    /** When the person releases it, after having asked. */
    releaseAfter?: number | undefined;
  }[];
  /** What people have before. */
  standing: readonly { person: PlannedPerson; target: PlannedTarget }[];
  /** Faults of calls, counted over everything that runs. */
  faults: readonly { call: number; fault: Fault }[];
  /**
   * Calls that take this long, counted in the same way. They have their effect even if Lambda has ended the invocation meanwhile: their packets
   * were under way.
   */
  stalls: readonly { call: number; seconds: number }[];
  /** The same for calls that change access, counted by themselves. */
  lateChanges: readonly { change: number; seconds: number }[];
  /** Moments at which the n-th request's newest execution dies. The event that tells of it may be lost. */
  deaths: readonly { request: number; at: number; lost: boolean }[];
  /** How long the calls take, in milliseconds, in turn: it decides who overtakes whom. */
  latencies: readonly number[];
  /** How long the service takes for a change, and how much longer its List does not show it, in milliseconds. */
  timing: { operation: number; lag: number };
}

/** The people of a plan, and the assignments that its targets stand for: two of them for the same. */
export const people = { alice, bob } as const satisfies Record<string, Person>;
export const targets = {
  "prod-readonly": { account: "prod", permission: "readonly" },
  "prod-viewer": { account: "prod", permission: "readonly" },
  "staging-power": { account: "staging", permission: "power" },
} as const;
export type PlannedPerson = keyof typeof people;
export type PlannedTarget = keyof typeof targets;

/** Runs one Lambda invocation. */
export type Invoke = <T>(work: (ports: Ports, invocation: Invocation) => Promise<T>) => Promise<T>;

/** After this long everything must have ended, in seconds. */
const horizon = 6 * 3_600;

const config = aConfig({
  targets: Object.fromEntries(
    Object.entries(targets).map(([name, settings]) => [
      name,
      { type: "fake_permission", settings },
    ]),
  ),
  flows: {
    "self-service": {
      strategy: "sso",
      targets: Object.keys(targets),
      requesters: "everyone",
      reasonRequired: false,
      duration: { max: "1h" },
    },
  },
});

/** Plays a plan to its end: people, schedules, executions and the reconciler, all on one clock. */
export const simulate = async (plan: Plan): Promise<World> => {
  const world = aWorld({ config });
  const running: Promise<unknown>[] = [];
  const newest = new Map<RequestId, { die: () => void }>();
  const ids: (RequestId | undefined)[] = [];
  Object.assign(world.service.timing, plan.timing);
  for (const { person, target } of plan.standing)
    world.service.give({ ...targets[target], person: people[person].id });

  const invoke = invoker(world, plan);
  const sleep = (seconds: number): Promise<void> => world.clock.sleep(seconds * 1_000);
  const again = async (times: number, pause: number, work: () => Promise<unknown>) => {
    for (let attempt = 1; attempt <= times; attempt += 1) {
      if (await succeeds(work)) return;
      await sleep(pause);
    }
  };

  world.workflow.onStart = (input) => {
    running.push(execute(input));
  };
  const execute = async (input: WorkflowStart): Promise<void> => {
    const { request, k } = input;
    const died = new Promise<never>((_, reject) => {
      newest.set(request, { die: () => reject(new Crash("The execution died.")) });
    });
    const finished = await succeeds(() => runMachine(world, invoke, input, died));
    world.workflow.end(request, k);
    const lost = plan.deaths.some((death) => death.lost && ids[death.request] === request);
    if (finished || lost) return;
    await again(3, 60, () => invoke((ports) => recover(ports, `${request}.${k}`)));
  };
  world.schedules.onCreate = ({ request, at }) => {
    const late = plan.latencies[0] ?? 0;
    const fire = async (): Promise<void> => {
      await sleep((milliseconds(at) - world.clock.now()) / 1_000 + (late % 60));
      await again(3, 60, () => invoke((ports) => wake(ports, request)));
    };
    running.push(fire());
  };

  const ask = async (asked: Plan["requests"][number], index: number): Promise<void> => {
    const person = people[asked.person];
    const body = RequestBody.parse({
      flow: "self-service",
      target: asked.target,
      duration: `${asked.duration}s`,
    });
    await sleep(asked.at);
    await again(5, 2, async () => {
      const wanted = { person, body, idempotencyKey: `${index}` };
      ids[index] = (await invoke((ports) => createRequest(ports, config, wanted))).id;
    });
    const id = ids[index];
    if (id === undefined) return;
    await Promise.all([extend(asked, id), release(asked, id)]);
  };
  const extend = async (asked: Plan["requests"][number], id: RequestId): Promise<void> => {
    if (asked.extension === undefined) return;
    await sleep(asked.extension.after);
    const wanted = { duration: `${asked.extension.duration}s` };
    const person = people[asked.person];
    await again(2, 2, () => invoke((ports) => extendRequest(ports, config, person, id, wanted)));
  };
  const release = async (asked: Plan["requests"][number], id: RequestId): Promise<void> => {
    if (asked.releaseAfter === undefined) return;
    await sleep(asked.releaseAfter);
    const person = people[asked.person];
    await again(2, 2, () => invoke((ports) => revokeRequest(ports, config, person, id)));
  };
  const kill = async ({ request, at }: Plan["deaths"][number]): Promise<void> => {
    await sleep(at);
    const id = ids[request];
    if (id !== undefined) newest.get(id)?.die();
  };
  const asking = plan.requests.map(ask);
  const clean = async (): Promise<void> => {
    await Promise.all(asking);
    for (let at = 0; at < horizon && !isQuiet(world); at += 300) {
      await again(3, 60, () => invoke((ports, invocation) => reconcile(ports, invocation)));
      await sleep(300);
    }
  };
  await Promise.all([...asking, ...plan.deaths.map(kill), clean()]);
  // The list grows while it is waited for.
  for (const ended of running) await ended;
  return world;
};

/** Whether nothing is left to be done. */
const isQuiet = (world: World): boolean =>
  world.requests
    .all()
    .every(
      ({ status, published, history }) => isTerminal(status) && published === history.length,
    ) && world.leases.all().every(({ state }) => state === "closed");

const invoker = (world: World, plan: Plan): Invoke => {
  let calls = 0;
  let changes = 0;
  const changing = new Set(["service.create", "service.delete"]);
  const stallOf = (call: number, name: string): number => {
    const change = changing.has(name) ? changes++ : undefined;
    const late = plan.lateChanges.find((planned) => planned.change === change);
    return late?.seconds ?? plan.stalls.find((planned) => planned.call === call)?.seconds ?? 0;
  };
  return async (work) => {
    const deadline = world.clock.now() + 60_000;
    const { ports, faults } = world.invocation(async ({ name }) => {
      const call = calls++;
      await world.clock.sleep(plan.latencies[call % plan.latencies.length] ?? 0);
      // Lambda ends an invocation at its deadline.
      if (world.clock.now() >= deadline) return { when: "before" };
      await world.clock.sleep(stallOf(call, name) * 1_000);
      if (world.clock.now() >= deadline) return { when: "after" };
      return plan.faults.find((planned) => planned.call === call)?.fault;
    });
    const answer = await work(ports, { deadline });
    if (faults.crashed()) throw new Crash("The invocation has died.");
    return answer;
  };
};

const succeeds = async (work: () => Promise<unknown>): Promise<boolean> => {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
};
