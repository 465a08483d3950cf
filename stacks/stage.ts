import { namesOf } from "./names.ts";

/** SST's stage that is being deployed. */
export const stage = $app.stage;

/** The names of everything in this stage. */
export const names = namesOf(stage);

/** Whether the stage's data must survive a mistake; `app()` in sst.config.ts decides it. */
export const keepsData = $app.protect;

const partition = aws.getPartitionOutput({}).partition;
const region = aws.getRegionOutput({}).region;

/** The hub's account id. */
export const accountId = aws.getCallerIdentityOutput({}).accountId;

/**
 * Composes the ARN of something in the hub from its fixed name.
 *
 * Composed, and not taken from the resource, where the resource would close a circle: the machine calls
 * arm-revocation, which schedules expire, which signals the machine.
 */
export const arnOf = (service: string, resource: string): $util.Output<string> =>
  service === "iam"
    ? $interpolate`arn:${partition}:iam::${accountId}:${resource}`
    : $interpolate`arn:${partition}:${service}:${region}:${accountId}:${resource}`;
