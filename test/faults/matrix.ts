import { type SandboxProcess, startSandbox, stateFolder } from "../support/sandbox.ts";
import { createPlayer, type Outcome, type Player } from "./cycle.ts";
import { type CallSite, type Point, pointsOf } from "./points.ts";

/** A point, and what came of it. */
export interface Result extends Outcome {
  point: Point;
}

/** How many sandboxes run at once. */
const lanes = 2;

/** Skips the minutes in which nothing happens. */
const options = ["--time-lapse", "1000"];

const withSandbox = async <T>(work: (sandbox: SandboxProcess) => Promise<T>): Promise<T> => {
  const folder = await stateFolder();
  try {
    const sandbox = await startSandbox(folder.path, options);
    try {
      return await work(sandbox);
    } finally {
      await sandbox.kill();
    }
  } finally {
    await folder.remove();
  }
};

/** Records two cycles, the first in a sandbox that has just started, and answers every point of every call in either of them. */
export const recordPoints = (): Promise<Point[]> =>
  withSandbox(async (sandbox) => {
    const player = createPlayer(sandbox);
    const sites = [...(await player.record()), ...(await player.record())];
    const distinct = new Map<string, CallSite>(sites.map((site) => [JSON.stringify(site), site]));
    return pointsOf([...distinct.values()]);
  });

/** Plays a point. What cannot even be played is broken. */
const playPoint = async (player: Player, point: Point): Promise<Result> => {
  try {
    return { point, ...(await player.play(point)) };
  } catch (error) {
    return { point, broken: [String(error)], struck: true, status: "-", lag: undefined };
  }
};

/** The same in a sandbox of its own. */
const playAlone = (point: Point): Promise<Result> =>
  withSandbox((sandbox) => playPoint(createPlayer(sandbox), point));

/**
 * Plays every point: a whole request each, one after the other in each of the sandboxes. A call that is not made in a sandbox that has run for a
 * while, such as opening a session that is still good, is tried once more in a new one.
 */
export const playMatrix = async (
  points: readonly Point[],
  tell: (result: Result) => void = () => {},
): Promise<Result[]> => {
  const queue = [...points];
  const results: Result[] = [];
  const playLane = (): Promise<void> =>
    withSandbox(async (sandbox) => {
      const player = createPlayer(sandbox);
      for (let point = queue.shift(); point !== undefined; point = queue.shift()) {
        const first = await playPoint(player, point);
        const result = first.struck ? first : await playAlone(point);
        results.push(result);
        tell(result);
      }
    });
  await Promise.all(Array.from({ length: Math.min(lanes, points.length) }, playLane));
  return results;
};
