// Whether a PNG file is as it was written: it is a list of chunks, each with a checksum (PNG specification, section 5), and
// ends with the chunk IEND; what follows that is none of its business.
import { crc32 } from "node:zlib";

const signatureBytes = 8;
/** Length and type before the data of a chunk, checksum behind it. */
const frameBytes = 12;

/** False when it is cut off, or a chunk that a decoder needs has another checksum than the one written behind it. */
export function isWholePng(bytes: Buffer): boolean {
  for (let at = signatureBytes; at + frameBytes <= bytes.length; ) {
    const end = at + frameBytes + bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (end > bytes.length) return false;
    if (isCritical(type) && crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return false;
    if (type === "IEND") return true;
    at = end;
  }
  return false;
}

/** Chunks that a decoder may not pass over begin with a capital letter. */
function isCritical(type: string): boolean {
  return /^[A-Z]/.test(type);
}
