/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    // Throw-away stages only are named here, so that a stage nobody thought of is kept, not lost.
    const keep = !/^(dev|pr|test|sandbox)(-|$)/.test(input.stage);
    return {
      name: "curfew",
      home: "aws",
      removal: keep ? "retain" : "remove",
      protect: keep,
      // Exact, because packages/sandbox/deployment.json depends on it.
      providers: { aws: { version: "7.20.0" } },
    };
  },
  async run() {
    await import("./stacks/table.ts");
    await import("./stacks/topics.ts");
    await import("./stacks/schedule.ts");
    await import("./stacks/workflow.ts");
    const { url } = await import("./stacks/api.ts");
    await import("./stacks/alarms.ts");
    return { url };
  },
});
