import { InvokeCommand, LambdaClient, type LambdaClientConfig } from "@aws-sdk/client-lambda";
import * as z from "zod/mini";
import { once } from "../../clients.ts";
import { calling } from "../../errors.ts";
import type { SessionCredentials } from "../../sessions.ts";
import type { FunctionSettings } from "./definition.ts";

/** How an invocation of a customer's function ended. */
export type Invoked =
  | { kind: "answered"; payload: Uint8Array }
  /** Handed over, nothing awaited. */
  | { kind: "accepted" }
  /** The function failed, or gave no answer in its time. */
  | { kind: "crashed"; reason: string };

/** Constructs the SDK's client. The model of the promise injects one of its own. */
export type LambdaClients = (config: LambdaClientConfig) => LambdaClient;

/** The unmodified SDK. */
export const sdkClients: LambdaClients = (config) => new LambdaClient(config);

/** How much longer than the function may take we wait for its answer, in milliseconds: its own timeout has to come first. */
const grace = 2_000;

/** How long an invocation may take, in milliseconds. */
export const longestInvocation = ({ timeout }: FunctionSettings): number => timeout * 1_000 + grace;

/**
 * Invokes a function, once: a second HTTP attempt could reach it after our own invocation has ended.
 *
 * @throws WorkflowError `ServiceUnavailable` when the event may not have been delivered; `AbortError`
 *   when the function gave no answer in its time and may still be running
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export const invoke = async (
  clients: LambdaClients,
  settings: FunctionSettings,
  credentials: SessionCredentials,
  payload: unknown,
): Promise<Invoked> => {
  const { arn, invoke_type: InvocationType } = settings;
  const { requestTimeout: _, ...requestHandler } = once.requestHandler;
  const region = arn.split(":")[3] ?? "";
  const client = clients({ ...once, requestHandler, region, credentials });
  const command = new InvokeCommand({
    FunctionName: arn,
    InvocationType,
    Payload: JSON.stringify(payload),
  });
  const abortSignal = AbortSignal.timeout(longestInvocation(settings));
  try {
    const answer = await calling("Invoking the function", () =>
      client.send(command, { abortSignal }),
    );
    const answered = answer.Payload ?? new Uint8Array();
    if (answer.FunctionError !== undefined) return { kind: "crashed", reason: reasonIn(answered) };
    return InvocationType === "Event"
      ? { kind: "accepted" }
      : { kind: "answered", payload: answered };
  } finally {
    client.destroy();
  }
};

/** What Lambda's runtimes say about a crash. */
const Crash = z.object({ errorType: z._default(z.string(), "Error"), errorMessage: z.string() });

const longestReason = 500;

const reasonIn = (payload: Uint8Array): string => {
  const text = new TextDecoder().decode(payload);
  try {
    const { errorType, errorMessage } = Crash.parse(JSON.parse(text));
    return `${errorType}: ${errorMessage}`.slice(0, longestReason);
  } catch {
    return text.slice(0, longestReason);
  }
};
