import { CurfewError, parseInput, RequestId, RequestStatus } from "@curfew/core";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import * as z from "zod/mini";

/**
 * The parsed query string. A parameter that is given twice arrives as one, with a comma.
 *
 * @throws CurfewError `parameter.invalid` with every parameter that is not known or not valid
 */
export const queryOf = <T>(
  { queryStringParameters = {} }: Pick<APIGatewayProxyEventV2, "queryStringParameters">,
  schema: z.ZodMiniType<T>,
): T => {
  const parsed = parseInput(schema, queryStringParameters);
  if (parsed.success) return parsed.data;
  const { problems } = parsed;
  const summary = problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new CurfewError("parameter.invalid", summary, { problems });
};

/** Parameters of `POST /requests`. */
export const CreateQuery = z.strictObject({
  dryRun: z
    ._default(z.enum(["true", "false"]), "false")
    .register(z.globalRegistry, { description: "Answers the decision and writes nothing." }),
});

/** A cursor, which clients hand back as it is: where a page begins. */
const Cursor = z
  .pipe(
    z.string(),
    z.transform((text, { issues }) => {
      const id = RequestId.safeParse(Buffer.from(text, "base64url").toString("utf8"));
      if (id.success) return id.data;
      issues.push({
        code: "custom",
        input: text,
        message: "must be a cursor of an earlier answer",
      });
      return z.NEVER;
    }),
  )
  .register(z.globalRegistry, { description: "Of the page before, as it was answered." });

/** The cursor that stands for going on before a request. */
export const cursorAt = (id: RequestId): string => Buffer.from(id).toString("base64url");

/** How many requests a page has at most, and has unless it is told. */
const longestPage = 100;
const usualPage = 50;

/** Parameters of `GET /requests`. */
export const ListQuery = z.strictObject({
  status: z.optional(RequestStatus),
  requester: z
    .optional(z.string().check(z.minLength(1), z.maxLength(256)))
    .register(z.globalRegistry, { description: "E-mail address, or user id, of who asked." }),
  flow: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  cursor: z.optional(Cursor),
  limit: z._default(
    z.coerce.number().check(z.int(), z.minimum(1), z.maximum(longestPage)),
    usualPage,
  ),
});
