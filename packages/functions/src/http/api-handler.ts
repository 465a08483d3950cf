import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { CurfewError, type Person } from "@curfew/core";
import middy from "@middy/core";
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyEventV2WithJWTAuthorizer,
  APIGatewayProxyStructuredResultV2,
} from "aws-lambda";
import { log, logger } from "../deps.ts";
import { directory } from "../directory.ts";
import { leftToLambda } from "../left-to-lambda.ts";
import { problemResponse } from "./problem.ts";

/** What an API function answers: a status, and a body that is sent as JSON. */
export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

type Event = APIGatewayProxyEventV2WithJWTAuthorizer;

/** A handler for a route that needs no token. */
export const publicHandler = (answer: () => Promise<Answer> | Answer) =>
  chain<APIGatewayProxyEventV2>(async () => respond(await answer()));

/** The person with a user name that was verified before; undefined if nobody is known by it. */
type FindKnown = (event: Event, email: string) => Promise<Person | undefined>;

/**
 * A handler for a route that needs one: `answer` is told who calls. Errors become problem documents.
 *
 * @param findKnown says who calls when the directory cannot be asked
 */
export const apiHandler = (
  answer: (event: Event, caller: Person) => Promise<Answer>,
  findKnown: FindKnown = async () => undefined,
) => chain<Event>(async (event) => respond(await answer(event, await callerOf(event, findKnown))));

const chain = <E>(handler: (event: E) => Promise<APIGatewayProxyStructuredResultV2>) =>
  middy<E, APIGatewayProxyStructuredResultV2>(leftToLambda)
    .use(injectLambdaContext(logger()))
    .use({
      onError: (request) => {
        request.response = problemResponse(request.error, log);
      },
    })
    .handler(handler);

const respond = ({ status, body, headers = {} }: Answer): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

/** The person whose verified e-mail address the token carries: nothing else in the call says who calls. */
const callerOf = async (event: Event, findKnown: FindKnown): Promise<Person> => {
  const { email, email_verified } = event.requestContext.authorizer.jwt.claims;
  // Claims arrive as strings. Issuers that say nothing about verification are trusted with the addresses they sign.
  const verified = String(email_verified ?? true) === "true";
  const person =
    typeof email === "string" && verified ? await findPerson(event, email, findKnown) : undefined;
  if (person === undefined)
    throw new CurfewError(
      "caller.unknown",
      typeof email === "string"
        ? `There is no user ${email} in the directory, or the address is not verified.`
        : "The token has no claim email.",
    );
  return person;
};

const findPerson = async (
  event: Event,
  email: string,
  findKnown: FindKnown,
): Promise<Person | undefined> => {
  try {
    return await directory().findPerson(email);
  } catch (error) {
    const known = await findKnown(event, email);
    if (known === undefined) throw error;
    log.warn("The directory cannot be asked: the requester is known from the request.", { error });
    return known;
  }
};
