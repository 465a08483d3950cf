import { createHash } from "node:crypto";
import * as z from "zod";
import { type Callers, idSuffix } from "../credentials.ts";
import { AwsError, type Call, type Service } from "../service.ts";
import { validate } from "../validate.ts";

const sessionName = z
  .string()
  .min(2)
  .max(64)
  .regex(/^[\w+=,.@-]*$/);

const AssumeRole = z.object({
  RoleArn: z
    .string()
    .min(20)
    .max(2048)
    .regex(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/),
  RoleSessionName: sessionName,
  ExternalId: z
    .string()
    .min(2)
    .max(1224)
    .regex(/^[\w+=,.@:/-]*$/)
    .optional(),
  SourceIdentity: sessionName.optional(),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).optional(),
  Policy: z.string().min(1).max(2048).optional(),
  Tags: z
    .array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }))
    .max(50)
    .optional(),
});

/** Seconds; also the most that a role which was assumed with a role's keys gets. */
const oneHour = 3600;

/** AWS's opaque id of a user or role, here made of its ARN. */
const uniqueId = (prefix: "AROA" | "AIDA", arn: string): string =>
  prefix + idSuffix(createHash("sha256").update(arn).digest());

const durationOf = (call: Call, asked: number | undefined): number => {
  if (asked !== undefined && asked > oneHour) {
    throw new AwsError(
      "ValidationError",
      call.caller.roleArn === undefined
        ? "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        : "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  }
  return asked ?? oneHour;
};

/** A source identity is set once: a later role must carry on the same one. */
const sourceIdentityOf = (call: Call, asked: string | undefined): string | undefined => {
  const carried = call.caller.sourceIdentity;
  if (carried !== undefined && asked !== undefined && asked !== carried) {
    throw new AwsError(
      "AccessDenied",
      `User: ${call.caller.arn} is not authorized to perform: sts:SetSourceIdentity`,
      403,
    );
  }
  return carried ?? asked;
};

const assumeRole = (callers: Callers, call: Call): unknown => {
  const input = validate(AssumeRole, call.input, "ValidationError");
  const accountId = input.RoleArn.split(":")[4] ?? "";
  const roleName = input.RoleArn.slice(input.RoleArn.lastIndexOf("/") + 1);
  const sourceIdentity = sourceIdentityOf(call, input.SourceIdentity);
  const credentials = callers.issue(
    {
      accountId,
      roleArn: input.RoleArn,
      sessionName: input.RoleSessionName,
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
      ...(call.caller.worker === undefined ? {} : { worker: call.caller.worker }),
    },
    durationOf(call, input.DurationSeconds),
  );
  return {
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiration,
    },
    AssumedRoleUser: {
      AssumedRoleId: `${uniqueId("AROA", input.RoleArn)}:${input.RoleSessionName}`,
      Arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${input.RoleSessionName}`,
    },
    SourceIdentity: sourceIdentity,
  };
};

const getCallerIdentity = ({ caller }: Call): unknown => ({
  UserId:
    caller.roleArn === undefined
      ? uniqueId("AIDA", caller.arn)
      : `${uniqueId("AROA", caller.roleArn)}:${caller.sessionName ?? ""}`,
  Account: caller.accountId,
  Arn: caller.arn,
});

/** STS. Whether a role trusts the caller is decided before, in `authorize.ts`. */
export const createSts = (deps: { callers: Callers }): Service => ({
  signingName: "sts",
  xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  resources: { AssumeRole: ({ input }) => [String(input.RoleArn)] },
  operations: {
    AssumeRole: (call) => assumeRole(deps.callers, call),
    GetCallerIdentity: getCallerIdentity,
  },
});
