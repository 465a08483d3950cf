import { describe, expect, it } from "vitest";
import { identityCenter } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import { writeConfiguration } from "../support/configuration.ts";
import { startSandbox, stateFolder } from "../support/sandbox.ts";

/** What Acme's configuration becomes while access is active, as an expression over `acme`. */
const redeployed = {
  "without the target and the flow": `{
    ...acme,
    targets: Object.fromEntries(
      Object.entries(acme.targets).filter(([name]) => name !== "staging-readonly")),
    flows: Object.fromEntries(
      Object.entries(acme.flows).filter(([name]) => name !== "staging-access")),
  }`,
  "with a policy that would not allow it any more": `{
    ...acme,
    targets: {
      ...acme.targets,
      "staging-readonly": { ...acme.targets["prod-readonly"], label: "Something else" },
    },
    flows: {
      ...acme.flows,
      "staging-access": {
        ...acme.flows["staging-access"],
        requesters: { groups: ["ad3145e0-0000-4000-8000-000000000013"] },
        approvers: { groups: ["ad3145e0-0000-4000-8000-000000000013"] },
        duration: { max: "1s" },
        scheduleDeescalation: false,
      },
    },
  }`,
};

describe("a configuration that is redeployed while access is active", () => {
  it.concurrent.for(Object.entries(redeployed))(
    "%s, lets it end on time",
    async ([, expression], { onTestFinished }) => {
      const folder = await stateFolder();
      onTestFinished(folder.remove);
      const config = await writeConfiguration(folder.path, expression);
      const old = await startSandbox(folder.path);
      onTestFinished(old.stop);
      const { id } = await apiClient(old.apiUrl).ask("alice", "20s");
      const { expiresAt } = await apiClient(old.apiUrl).until("alice", id, "active");
      await old.stop();

      const sandbox = await startSandbox(folder.path, ["--config", config]);
      onTestFinished(sandbox.stop);
      const api = apiClient(sandbox.apiUrl);
      const people = identityCenter(sandbox.awsUrl);
      if (Date.now() < Date.parse(expiresAt ?? "") - 1_000)
        expect(await people.hasStagingReadOnly("alice")).toBe(true);
      const ended = await api.until("alice", id, "ended", 40_000);
      expect(ended).toMatchObject({ expiresAt, endReason: "expired", errors: [] });
      expect(Date.parse(ended.endedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(expiresAt ?? ""));
      expect(await people.hasStagingReadOnly("alice")).toBe(false);
    },
  );
});
