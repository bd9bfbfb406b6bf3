// For tests: a PNG whose header states a size that nothing behind it bears out.
import { crc32 } from "node:zlib";

export function pngOfSize(width: number, height: number): Buffer {
  const header = Buffer.alloc(25);
  header.writeUInt32BE(13, 0);
  header.write("IHDR", 4);
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  header.set([8, 2, 0, 0, 0], 16);
  header.writeUInt32BE(crc32(header.subarray(4, 21)), 21);
  const end = Buffer.from("0000000049454e44ae426082", "hex");
  const data = Buffer.from("0000000049444154" + "35af061e", "hex");
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), header, data, end]);
}
