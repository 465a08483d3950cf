import { CurfewError } from "@curfew/core";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** The `Idempotency-Key` header, if there is one. Throws CurfewError `field.invalid` unless it has 1 to 255 printable ASCII characters. */
export const idempotencyKeyOf = ({
  headers,
}: Pick<APIGatewayProxyEventV2, "headers">): string | undefined => {
  const key = headers["idempotency-key"];
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  const message = "must have 1 to 255 printable ASCII characters and no spaces";
  throw new CurfewError("field.invalid", `The header Idempotency-Key ${message}.`, {
    problems: [{ path: "headers.Idempotency-Key", message }],
  });
};
