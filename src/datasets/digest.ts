// The digest of a data set: two runs with the same digest saw the same data.
import { createHash } from "node:crypto";

/** SHA-256 (hexadecimal) of the parts in order; each part's length is hashed too, so that no two lists run together. */
export function digestOf(parts: Iterable<string | Uint8Array | Int32Array>): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part) : part;
    hash.update(`${bytes.byteLength}:`).update(bytes);
  }
  return hash.digest("hex");
}
