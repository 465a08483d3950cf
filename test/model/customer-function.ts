import type { VirtualClock } from "@curfew/core/testing";
import * as z from "zod";
import { uuid5 } from "../../packages/aws/src/strategies/aws-lambda/uuid.ts";
import type { AccessLog } from "./access-log.ts";

/** Names the access that the customer's function gives for one request, in the access log. */
export const functionKey = (request: string): string => `function#${uuid5(request)}`;

const Payload = z.looseObject({
  run: z.looseObject({ srn: z.string() }),
  event: z.looseObject({ type: z.enum(["escalate", "deescalate"]) }),
});

/**
 * A customer's function behind `Invoke`. It works for `work` milliseconds before it gives or takes the
 * access. Its first `crashes` invocations crash after that.
 */
export const createCustomerFunction = (
  clock: VirtualClock,
  log: AccessLog,
  { work, crashes }: { work: number; crashes: number },
) => {
  let left = crashes;
  const answer = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  return {
    api: {
      Invoke: async (input: { Payload: string }) => {
        const { run, event } = Payload.parse(JSON.parse(input.Payload));
        const at = clock.now();
        await clock.sleep(work);
        const kind = event.type === "escalate" ? "create" : "delete";
        // The last part of a run's name is derived from the request's id.
        const key = `function#${run.srn.slice(run.srn.lastIndexOf(":") + 1)}`;
        log.record({ kind, key, by: "curfew", at, doneAt: clock.now() });
        // A crash after the effect is the crueller one.
        if (left > 0) {
          left -= 1;
          const crash = { errorType: "Error", errorMessage: "out of memory" };
          return { StatusCode: 200, FunctionError: "Unhandled", Payload: answer(crash) };
        }
        return { StatusCode: 200, Payload: answer({ body: {}, errors: [] }) };
      },
    },
  };
};

export type CustomerFunction = ReturnType<typeof createCustomerFunction>;
