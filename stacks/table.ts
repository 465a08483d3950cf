import { openIndex } from "./names.ts";
import { keepsData, names } from "./stage.ts";

/**
 * Requests, leases and idempotency records: single-item conditional writes only, so one key is enough.
 *
 * `open` is a sparse index: an item is in it as long as something is still to be done about it.
 */
export const table = new sst.aws.Dynamo("Ledger", {
  fields: { pk: "string", open: "string", due: "string" },
  primaryIndex: { hashKey: "pk" },
  globalIndexes: { [openIndex]: { hashKey: "open", rangeKey: "due" } },
  ttl: "ttl",
  // Without the table nobody knows any more whose access has to end.
  deletionProtection: keepsData,
  transform: { table: { name: names.table } },
});
