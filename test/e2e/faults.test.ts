import { describe, expect, it } from "vitest";
import * as z from "zod";
import { waitFor } from "../support/sandbox.ts";
import { useSandbox } from "../support/use-sandbox.ts";

const Calls = z.object({
  calls: z.array(z.looseObject({ at: z.string(), function: z.string(), outcome: z.string() })),
});

const Late = z.object({
  at: z.string(),
  errors: z.array(z.string()),
  details: z.array(z.string()),
  request: z.object({ expiresAt: z.string(), sessionsUntil: z.null() }),
});

describe("a fault", () => {
  const bench = useSandbox(["--time-lapse", "300"]);

  const inject = async (fault: object): Promise<void> => {
    const deletion = { service: "sso", operation: "DeleteAccountAssignment" };
    const answer = await bench.api.callWith({}, "POST", "/sandbox/faults", {
      ...deletion,
      ...fault,
    });
    expect(answer.status).toBe(201);
  };
  const deletions = async () => {
    const path = "/sandbox/calls?service=sso&operation=DeleteAccountAssignment";
    return Calls.parse((await bench.api.callWith({}, "GET", path)).body).calls;
  };

  it("that lasts for minutes makes the end late and loud, and no later than it must be", async () => {
    await inject({ error: "internal", times: null });
    const { id } = await bench.api.ask("alice", "30s");
    const late = async () =>
      (await bench.api.inbox()).find(({ message }) => message.event === "access.late")?.message;
    await waitFor("the news that it is late", 30_000, async () => (await late()) !== undefined);
    const { at, errors, details, request } = Late.parse(await late());
    // The tenth retry follows 314 s after the first attempt, and each attempt takes a second or two.
    const lateness = (Date.parse(at) - Date.parse(request.expiresAt)) / 1_000;
    expect(lateness).toBeGreaterThanOrEqual(300);
    expect(lateness).toBeLessThan(345);
    expect(errors).toEqual(["ServiceUnavailable: A service is busy or cannot be reached."]);
    expect(details).toEqual([expect.stringContaining("Deleting an assignment failed")]);
    expect(request.sessionsUntil).toBeNull();
    expect(await bench.people.hasStagingReadOnly("alice")).toBe(true);
    await bench.api.callWith({}, "DELETE", "/sandbox/faults");
    const recovered = (await deletions()).at(-1)?.at ?? "";
    const { endedAt } = await bench.api.until("alice", id, "ended", 30_000);
    expect(Date.parse(endedAt ?? "") - Date.parse(recovered)).toBeLessThan(330_000);
    expect(await bench.people.hasStagingReadOnly("alice")).toBe(false);
  });

  it("can kill the function that takes access away, once it has done so", async () => {
    await inject({ kill: true, when: "after", function: "deescalate" });
    const { id } = await bench.api.ask("bob", "5s");
    const ended = await bench.api.until("bob", id, "ended", 60_000);
    expect(ended.endReason).toBe("expired");
    const [call] = (await deletions()).filter(({ outcome }) => outcome === "killed");
    expect(call?.function).toBe("curfew-sandbox-deescalate-aws_sso");
    expect(await bench.people.hasStagingReadOnly("bob")).toBe(false);
  });

  it("that kills the function that gives access is survived by the request", async () => {
    await inject({ operation: "CreateAccountAssignment", kill: true, when: "after" });
    const { id } = await bench.api.ask("carol", "5s");
    const ended = await bench.api.until("carol", id, "ended", 60_000);
    expect(ended.activatedAt).not.toBeNull();
    expect(await bench.people.hasStagingReadOnly("carol")).toBe(false);
  });
});
