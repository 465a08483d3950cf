import { createDirectory, IdentityCenterSettings } from "@curfew/aws";
import { config } from "./config.ts";
import { log, sessions } from "./deps.ts";
import { lazy } from "./lazy.ts";

/** The people and groups. Apart from the other capabilities, for it needs the configuration: what takes access away carries none. */
export const directory = /* @__PURE__ */ lazy(() => {
  const integration = config.integrations[config.directory];
  if (integration === undefined) throw new Error("The directory's integration is missing.");
  const { identity_store_id } = IdentityCenterSettings.parse(integration.settings);
  return createDirectory(sessions(), integration, identity_store_id, log);
});
