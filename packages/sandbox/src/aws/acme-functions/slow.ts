import { setTimeout } from "node:timers/promises";

/** Answers well, after 10 seconds. */
export const handler = async () => {
  await setTimeout(10_000);
  return { body: { waited: "10s" }, errors: [] };
};
