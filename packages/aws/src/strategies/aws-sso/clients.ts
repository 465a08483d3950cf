import { IdentitystoreClient, type IdentitystoreClientConfig } from "@aws-sdk/client-identitystore";
import { SSOAdminClient, type SSOAdminClientConfig } from "@aws-sdk/client-sso-admin";

/** Constructs the SDK's clients. The model of the promise injects clients of its own. */
export interface IdentityCenterClients {
  ssoAdmin(config: SSOAdminClientConfig): SSOAdminClient;
  identityStore(config: IdentitystoreClientConfig): IdentitystoreClient;
}

/** The unmodified SDK. */
export const sdkClients: IdentityCenterClients = {
  ssoAdmin: (config) => new SSOAdminClient(config),
  identityStore: (config) => new IdentitystoreClient(config),
};
