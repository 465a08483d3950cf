import { type SandboxProcess, startSandbox, stateFolder } from "../support/sandbox.ts";
import type { Cycle } from "./cycle.ts";
import { cycles } from "./cycles.ts";
import { createPlayer, type Outcome, type Player } from "./player.ts";
import { type CallSite, eitherOf, type Point, pointsOf, undisturbedOf } from "./points.ts";

/** A point, and what came of it. */
export interface Result extends Outcome {
  point: Point;
}

/** Skips the minutes in which nothing happens. */
const options = ["--time-lapse", "1000"];

/** A sandbox that is made when it is needed, and anew after it was thrown away. */
const createLane = (signal: AbortSignal | undefined) => {
  let opened: { player: Player; sandbox: SandboxProcess; remove: () => Promise<void> } | undefined;

  const kill = (): void => void opened?.sandbox.kill();
  signal?.addEventListener("abort", kill);

  const throwAway = async (): Promise<void> => {
    const thrown = opened;
    opened = undefined;
    await thrown?.sandbox.kill();
    await thrown?.remove();
  };

  const open = async (): Promise<Player> => {
    const folder = await stateFolder();
    try {
      const sandbox = await startSandbox(folder.path, options);
      opened = { sandbox, player: createPlayer(sandbox), remove: folder.remove };
    } catch (error) {
      await folder.remove();
      throw error;
    }
    if (signal?.aborted) kill();
    return opened.player;
  };

  return {
    player: async (): Promise<Player> => opened?.player ?? open(),
    throwAway,
    isStopped: (): boolean => signal?.aborted === true,
    close: async (): Promise<void> => {
      signal?.removeEventListener("abort", kill);
      await throwAway();
    },
  };
};
type Lane = ReturnType<typeof createLane>;

/** Sandboxes in which something is played at the same time. Who has opened them closes them. */
export const openLanes = (count: number, signal?: AbortSignal) => {
  const lanes = Array.from({ length: count }, () => createLane(signal));
  return {
    /** Does one task after the other in each lane, until all are done or it is stopped. */
    work: async <T>(
      tasks: readonly T[],
      work: (lane: Lane, task: T) => Promise<void>,
    ): Promise<void> => {
      const queue = [...tasks];
      const run = async (lane: Lane): Promise<void> => {
        try {
          for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
            if (signal?.aborted) return;
            await work(lane, task);
          }
        } catch (error) {
          queue.length = 0;
          // What it stopped over is that it was stopped.
          if (!signal?.aborted) throw error;
        }
      };
      await Promise.all(lanes.map(run));
    },
    close: async (): Promise<void> => {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
};
export type Lanes = ReturnType<typeof openLanes>;

/** Every point of every call that was recorded in the cycles. */
const record = async (
  lanes: Lanes,
  isWanted: (cycle: Cycle) => boolean,
  sitesOf: (lane: Lane, cycle: Cycle) => Promise<CallSite[]>,
): Promise<Point[]> => {
  const wanted = cycles.filter(isWanted);
  const struck = wanted.filter(({ strikes }) => strikes !== undefined);
  const sites = new Map<string, CallSite[]>(struck.map(({ name }) => [name, []]));
  await lanes.work(
    struck,
    async (lane, cycle) => void sites.set(cycle.name, await sitesOf(lane, cycle)),
  );
  return [...pointsOf([...sites.values()].flat()), ...undisturbedOf(wanted)];
};

/** Every point of every call in each cycle, in a sandbox that has just started or in one that has run for a while. */
export const recordPoints = (
  lanes: Lanes,
  isWanted: (cycle: Cycle) => boolean = () => true,
): Promise<Point[]> =>
  record(lanes, isWanted, async (lane, cycle) => {
    await lane.throwAway();
    const player = await lane.player();
    return eitherOf(await player.record(cycle), await player.record(cycle));
  });

/** The same of each cycle played once only, in any sandbox: less sure to be all of them, and quicker. */
export const recordQuickly = (
  lanes: Lanes,
  isWanted: (cycle: Cycle) => boolean,
): Promise<Point[]> =>
  record(lanes, isWanted, async (lane, cycle) => (await lane.player()).record(cycle));

const cycleOf = (point: Point): Cycle => {
  const cycle = cycles.find(({ name }) => name === point.cycle);
  if (cycle === undefined) throw new Error(`There is no cycle ${point.cycle}.`);
  return cycle;
};

/** Plays a point. What cannot even be played is broken. */
const playPoint = async (lane: Lane, point: Point): Promise<Result> => {
  const cycle = cycleOf(point);
  if (point.isCold) await lane.throwAway();
  const player = await lane.player();
  try {
    return { point, ...(await player.play(cycle, point)) };
  } catch (error) {
    return { point, broken: [String(error)], struck: true, status: "-", lag: undefined };
  }
};

/**
 * Plays every point: a whole request each, one after the other in each of the sandboxes, and once more if the call was not made, as may be where two
 * functions meet. What broke something has had its sandbox, too.
 */
export const playMatrix = async (
  lanes: Lanes,
  points: readonly Point[],
  tell: (result: Result) => void = () => {},
): Promise<Result[]> => {
  const results: Result[] = [];
  await lanes.work(points, async (lane, point) => {
    let result = await playPoint(lane, point);
    if (!result.struck && result.broken.length === 0) result = await playPoint(lane, point);
    if (result.broken.length > 0 || cycleOf(point).spoils) await lane.throwAway();
    if (lane.isStopped()) return;
    results.push(result);
    tell(result);
  });
  return results;
};
