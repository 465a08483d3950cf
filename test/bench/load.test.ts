import { expect, test } from "vitest";
import { startSandbox, stateFolder } from "../support/sandbox.ts";
import { runLoad } from "./load.ts";

test("twenty requests at once all end, and leave nothing behind", {
  timeout: 180_000,
}, async () => {
  const folder = await stateFolder();
  const sandbox = await startSandbox(folder.path);
  try {
    const size = { each: 4, duration: "3s", limit: 150_000 };
    const { requests, problems, calls } = await runLoad(sandbox, size);
    expect(requests).toBe(20);
    expect(problems).toEqual([]);
    expect(calls.filter(({ operation }) => operation === "StartExecution")).toHaveLength(20);
  } finally {
    await sandbox.stop();
    await folder.remove();
  }
});
