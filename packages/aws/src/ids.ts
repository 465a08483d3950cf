import { createHash, randomUUID } from "node:crypto";
import { type Hash, type Ids, RequestId } from "@curfew/core";
import { ulid } from "ulid";

/** Ids from the system's source of randomness. */
export const ids: Ids = {
  request: () => RequestId.parse(`req_${ulid()}`),
  attempt: () => randomUUID(),
};

/** SHA-256 as lower-case hexadecimal digits. */
export const hash: Hash = (text) => createHash("sha256").update(text).digest("hex");
