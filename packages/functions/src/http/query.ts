import { CurfewError, problemsOf, RequestId, RequestStatus } from "@curfew/core";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import * as z from "zod";

/**
 * The parsed query string. A parameter that is given twice arrives as one, with a comma.
 *
 * @throws CurfewError `parameter.invalid` with every parameter that is not known or not valid
 */
export const queryOf = <T>(
  { queryStringParameters = {} }: Pick<APIGatewayProxyEventV2, "queryStringParameters">,
  schema: z.ZodType<T>,
): T => {
  const parsed = schema.safeParse(queryStringParameters);
  if (parsed.success) return parsed.data;
  const problems = problemsOf(parsed.error);
  const summary = problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new CurfewError("parameter.invalid", summary, { problems });
};

/** Parameters of `POST /requests`. */
export const CreateQuery = z.strictObject({
  dryRun: z
    .enum(["true", "false"])
    .default("false")
    .meta({ description: "Answers the decision and writes nothing." }),
});

/** A cursor, which clients hand back as it is: where a page begins. */
const Cursor = z
  .string()
  .transform((text, context) => {
    const id = RequestId.safeParse(Buffer.from(text, "base64url").toString("utf8"));
    if (id.success) return id.data;
    context.addIssue({ code: "custom", message: "must be a cursor of an earlier answer" });
    return z.NEVER;
  })
  .meta({ description: "Of the page before, as it was answered." });

/** The cursor that stands for going on before a request. */
export const cursorAt = (id: RequestId): string => Buffer.from(id).toString("base64url");

/** How many requests a page has at most, and has unless it is told. */
const longestPage = 100;
const usualPage = 50;

/** Parameters of `GET /requests`. */
export const ListQuery = z.strictObject({
  status: RequestStatus.optional(),
  requester: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: "E-mail address, or user id, of who asked." }),
  flow: z.string().min(1).max(64).optional(),
  cursor: Cursor.optional(),
  limit: z.coerce.number().int().min(1).max(longestPage).default(usualPage),
});
