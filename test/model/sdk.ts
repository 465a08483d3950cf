import { IdentitystoreClient } from "@aws-sdk/client-identitystore";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { createAwsLambda, createAwsSso } from "@curfew/aws";
import type { Strategy } from "@curfew/core";
import type { Reach } from "@curfew/core/testing";
import type { CustomerFunction } from "./customer-function.ts";
import type { IdentityCenter } from "./identity-center.ts";

/** The operations of a service by name. Each is called through the invocation's faults. */
type Api = object;

/**
 * A client of the SDK, as its paginators know it by its class, whose calls end at an API in memory
 * instead of on the network.
 */
const clientOf = <C extends object>(type: { prototype: C }, api: Api): C =>
  Object.assign(Object.create(type.prototype), {
    send: async (command: { input: unknown }) => {
      const name = command.constructor.name.replace(/Command$/, "");
      const operation: unknown = Reflect.get(api, name);
      if (typeof operation !== "function") throw new Error(`The model has no operation ${name}.`);
      return operation(command.input);
    },
    destroy: () => undefined,
  });

/** The services behind the strategies. */
export interface Services {
  identityCenter: IdentityCenter;
  customerFunction: CustomerFunction;
}

/** The shipped strategies, as one invocation has them. */
export const strategiesOver =
  ({ identityCenter, customerFunction }: Services, random: () => number) =>
  ({ clock, around, log }: Reach): Readonly<Record<string, Strategy>> => {
    const sso = around("identity-center", identityCenter.api);
    const lambda = around("lambda", customerFunction.api);
    const sts = around("sts", {
      AssumeRole: async () => ({
        accessKeyId: "key",
        secretAccessKey: "secret",
        sessionToken: "token",
        expiration: new Date(clock.now() + 900_000),
      }),
    });
    const deps = { sessions: () => () => sts.AssumeRole(), clock, log, random };
    return {
      aws_sso: createAwsSso(deps, {
        ssoAdmin: () => clientOf(SSOAdminClient, sso),
        identityStore: () => clientOf(IdentitystoreClient, sso),
      }),
      aws_lambda: createAwsLambda(deps, () => clientOf(LambdaClient, lambda)),
    };
  };
