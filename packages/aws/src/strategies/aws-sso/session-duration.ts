import { DescribePermissionSetCommand } from "@aws-sdk/client-sso-admin";
import type { Access } from "@curfew/core";
import { hasty } from "../../clients.ts";
import type { StrategyDeps } from "../deps.ts";
import type { IdentityCenterClients } from "./clients.ts";
import { IdentityCenterSettings, PermissionSetSettings } from "./definition.ts";

/** The longest session duration that a permission set can have, in seconds. */
export const longestSession = 12 * 3_600;

/** How long an answer is believed, in milliseconds: many grants at once are not to spend the calls of all the organisation on it. */
const life = 5 * 60_000;

/** How long sessions of the permission set that an access names last, in seconds. */
export type SessionDuration = (access: Access) => Promise<number>;

/**
 * Asks Identity Center for session durations, and keeps the answers for a while. Nothing depends on them but what people are told, so that this never throws: a
 * duration that cannot be learned at once is taken to be the longest.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_DescribePermissionSet.html
 */
export const sessionDurations = (
  { sessions, clock, log }: StrategyDeps,
  clients: IdentityCenterClients,
): SessionDuration => {
  const known = new Map<string, { seconds: number; until: number }>();

  const describe = async ({ integration, target, session }: Access): Promise<number> => {
    const { instance_arn: InstanceArn } = IdentityCenterSettings.parse(integration.settings);
    const { permission_set_arn: PermissionSetArn } = PermissionSetSettings.parse(target.settings);
    const kept = known.get(PermissionSetArn);
    if (kept !== undefined && kept.until > clock.now()) return kept.seconds;
    const credentials = sessions(integration, session);
    const client = clients.ssoAdmin({ ...hasty, region: integration.region, credentials });
    const command = new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn });
    try {
      const seconds = secondsOf((await client.send(command)).PermissionSet?.SessionDuration);
      known.set(PermissionSetArn, { seconds, until: clock.now() + life });
      return seconds;
    } finally {
      client.destroy();
    }
  };

  return async (access) => {
    try {
      return await describe(access);
    } catch (error) {
      const what = "A session duration could not be learned; it is taken to be the longest.";
      log.warn(what, { target: access.target.name, error });
      return longestSession;
    }
  };
};

/** Seconds of an ISO 8601 duration of hours, minutes and seconds, such as `PT1H30M`. Throws if it is not of that form. */
export const secondsOf = (duration = ""): number => {
  const [, ...parts] = /^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(duration) ?? [];
  if (parts.length === 0) throw new Error(`"${duration}" is no session duration.`);
  const [hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  return hours * 3_600 + minutes * 60 + seconds;
};
