import { createHash } from "node:crypto";

/** The namespace of every id that Curfew derives. Fixed for good: another one would change the ids of requests that are under way. */
export const curfewNamespace = "5f3a4cb2-9f0e-4d8e-8b1d-6c2f7a1e0c57";

/**
 * A UUID of version 5: the same for the same name, and different from all others.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5
 */
export const uuid5 = (name: string, namespace = curfewNamespace): string => {
  const bytes = createHash("sha1")
    .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};
