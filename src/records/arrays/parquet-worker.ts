// The thread that decodes a Parquet file. The decoder (Rust in WebAssembly) panics on some damaged files, in a way that
// only ends its thread: that is one reason for it, the other that decoding goes on while the last batch is looked at.
import { parentPort, workerData } from "node:worker_threads";
import { ParquetFile, type ParquetMetaData } from "parquet-wasm";
import { fileBlob } from "./file-blob.ts";

/** What is asked of the thread: first where to begin, then for one batch after the other. */
export type ParquetRequest = { readonly columns: readonly string[]; readonly batchRows: number } | "next";

/** Its answers, in order: what the file is, then Arrow IPC streams of one batch each, then null. */
export type ParquetReply = ParquetSummary | Uint8Array | null;

export interface ParquetSummary {
  /** As an Arrow IPC stream. */
  readonly schema: Uint8Array;
  readonly rows: number;
  /** Of the largest group of rows, packed, with all its columns: the decoder reads groups whole. */
  readonly rowGroupBytes: number;
}

const file = await ParquetFile.fromFile(fileBlob(workerData as string));
let batches: AsyncIterator<{ intoIPCStream(): Uint8Array }> | undefined;

parentPort!.on("message", (request: ParquetRequest) => void answer(request));
reply(summaryOf(file.metadata()));

async function answer(request: ParquetRequest): Promise<void> {
  if (request !== "next") {
    const { columns, batchRows } = request;
    const stream = await file.stream({ columns: [...columns], batchSize: batchRows, concurrency: 1 });
    batches = stream[Symbol.asyncIterator]() as typeof batches;
  }
  const { done, value } = await batches!.next();
  reply(done ? null : value.intoIPCStream());
}

function summaryOf(metadata: ParquetMetaData): ParquetSummary {
  const groups = metadata.rowGroups().map((group) => group.compressedSize());
  return {
    schema: file.schema().intoIPCStream(),
    rows: metadata.fileMetadata().numRows(),
    rowGroupBytes: groups.reduce((most, bytes) => Math.max(most, bytes), 0),
  };
}

function reply(message: ParquetReply): void {
  const bytes = message instanceof Uint8Array ? message : message?.schema;
  parentPort!.postMessage(message, bytes === undefined ? [] : [bytes.buffer as ArrayBuffer]);
}
