import { requestIndexes } from "@curfew/core";
import { openIndex } from "./names.ts";
import { keepsData, names } from "./stage.ts";

const keysOnly = { projection: "keys-only" } as const;
const listings = Object.keys(requestIndexes);

/**
 * Requests, leases and idempotency records: single-item conditional writes only, so one key is enough.
 *
 * `open` is a sparse index: an item is in it as long as something is still to be done about it. The others are for listing requests. All hold keys only: the
 * items are read from the table, consistently, and a write to one that changes no key costs nothing in them.
 */
export const table = new sst.aws.Dynamo("Ledger", {
  fields: {
    pk: "string",
    open: "string",
    due: "string",
    ...Object.fromEntries(listings.map((index) => [index, "string" as const])),
  },
  primaryIndex: { hashKey: "pk" },
  globalIndexes: {
    [openIndex]: { hashKey: "open", rangeKey: "due", ...keysOnly },
    ...Object.fromEntries(
      listings.map((index) => [index, { hashKey: index, rangeKey: "pk", ...keysOnly }]),
    ),
  },
  ttl: "ttl",
  // Without the table nobody knows any more whose access has to end.
  deletionProtection: keepsData,
  transform: { table: { name: names.table } },
});
