import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { type IntegrationSnapshot, WorkflowError, workflowErrors } from "@curfew/core";
import { repeatable } from "./clients.ts";
import { calling, isException } from "./errors.ts";

/** Credentials of a session in another account. */
export interface SessionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** Who the session says that it is for. */
export interface SessionNames {
  name: string;
  sourceIdentity: string;
}

/** How to reach a connector's role. */
export type Connector = Pick<IntegrationSnapshot, "roleArn" | "externalId" | "region">;

/** Opens sessions of connector roles. The answer is a credential provider, as SDK clients take it. */
export type Sessions = (
  connector: Connector,
  names: SessionNames,
) => () => Promise<SessionCredentials>;

/** The shortest session that STS gives, in seconds: no session is needed for longer than an invocation. */
const sessionSeconds = 900;

/** STS does not say which side refused; whoever reads of it should not have to find out that there are two. */
const remedy =
  "Either the connector does not trust Curfew with this external id, or curfew.config.ts does not name the role any more: to end what was given through it, list it in formerIntegrations and deploy.";

/** Sessions are not used in their last minutes (milliseconds). */
const renewal = 2 * 60 * 1_000;

/**
 * Sessions by role chaining from the function's own role, kept while they last.
 *
 * Throws WorkflowError `AWS:ASSUME_ROLE_FAILED` when the role cannot be assumed.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const createSessions = (sts = new STSClient(repeatable)): Sessions => {
  const kept = new Map<string, SessionCredentials>();
  return (connector, names) => async () => {
    const key = JSON.stringify([connector.roleArn, connector.externalId, names]);
    const session = kept.get(key);
    if (session !== undefined && session.expiration.getTime() - Date.now() > renewal)
      return session;
    const opened = await assume(sts, connector, names);
    kept.set(key, opened);
    return opened;
  };
};

const assume = async (
  sts: STSClient,
  { roleArn, externalId }: Connector,
  { name, sourceIdentity }: SessionNames,
): Promise<SessionCredentials> => {
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    ExternalId: externalId,
    RoleSessionName: name,
    SourceIdentity: sourceIdentity,
    DurationSeconds: sessionSeconds,
  });
  try {
    const { Credentials } = await calling("Assuming the connector's role", () => sts.send(command));
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
      throw new Error("STS answered without credentials.");
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  } catch (error) {
    if (error instanceof WorkflowError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const hint = isException(error, "AccessDenied") ? ` ${remedy}` : "";
    throw new WorkflowError(
      workflowErrors.assumeRoleFailed,
      `The role ${roleArn} cannot be assumed: ${reason}${hint}`,
      { cause: error },
    );
  }
};
