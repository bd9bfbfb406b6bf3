// Arrow IPC files (also called Feather 2) and streams, read batch by batch.
import { type FileHandle, open } from "node:fs/promises";
import * as zlib from "node:zlib";
import { CompressionType, compressionRegistry, type RecordBatch, RecordBatchReader } from "apache-arrow";
import { ForelossError } from "../../core/errors.ts";
import { type ArrowFile, arrowTable } from "./arrow-table.ts";
import { damaged } from "./damaged.ts";
import type { Table } from "./table.ts";

export async function openArrow(path: string): Promise<Table> {
  registerZstd();
  for await (const { schema } of batches(path)) {
    const file: ArrowFile = { path, format: "Arrow", schema, rows: undefined, batches: () => batches(path) };
    return arrowTable(file);
  }
  throw new ForelossError(`${path}: holds no rows`);
}

async function* batches(path: string): AsyncGenerator<RecordBatch> {
  const file = await open(path);
  try {
    await refuseCutShort(path, file);
    const reader = await RecordBatchReader.from(file);
    await reader.open();
    for await (const batch of reader) yield batch;
  } catch (error) {
    throw damaged(path, "Arrow", error, compressionHint(error));
  } finally {
    await file.close();
  }
}

/** A stream that ends between two batches looks whole but for its last eight bytes. */
async function refuseCutShort(path: string, file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const end = Buffer.alloc(8);
  await file.read(end, 0, 8, Math.max(0, size - 8));
  if (end.toString("latin1").endsWith("ARROW1") || end.toString("hex") === "ffffffff00000000") return;
  throw new ForelossError(`${path}: no Arrow file, or one cut short: the mark at its end is missing; write it again`);
}

/** Where Node has Zstandard itself (from 22.15). */
function registerZstd(): void {
  if (zlib.zstdDecompressSync === undefined || compressionRegistry.get(CompressionType.ZSTD) !== null) return;
  compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => zlib.zstdDecompressSync(bytes) });
}

function compressionHint(error: unknown): string | undefined {
  if (!/codec not found/.test(String(error))) return undefined;
  return 'It is packed with LZ4; write it with compression="zstd" or "uncompressed", or as Parquet.';
}
