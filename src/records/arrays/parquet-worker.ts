// The thread that decodes a Parquet file. The decoder (Rust in WebAssembly) panics on some damaged files, in a way that
// only ends its thread: that is one reason for it, the other that decoding goes on while the last batch is looked at.
import { openAsBlob } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { ParquetFile } from "parquet-wasm";

/** What is asked of the thread: first where to begin, then for one batch after the other. */
export type ParquetRequest = { readonly columns: readonly string[]; readonly batchRows: number } | "next";

/** Its answers, in order: what the file is, then Arrow IPC streams of one batch each, then null. */
export type ParquetReply = { readonly schema: Uint8Array; readonly rows: number } | Uint8Array | null;

const file = await ParquetFile.fromFile(await openAsBlob(workerData as string));
let batches: AsyncIterator<{ intoIPCStream(): Uint8Array }> | undefined;

parentPort!.on("message", (request: ParquetRequest) => void answer(request));
reply({ schema: file.schema().intoIPCStream(), rows: file.metadata().fileMetadata().numRows() });

async function answer(request: ParquetRequest): Promise<void> {
  if (request !== "next") {
    const { columns, batchRows } = request;
    const stream = await file.stream({ columns: [...columns], batchSize: batchRows, concurrency: 1 });
    batches = stream[Symbol.asyncIterator]() as typeof batches;
  }
  const { done, value } = await batches!.next();
  reply(done ? null : value.intoIPCStream());
}

function reply(message: ParquetReply): void {
  const bytes = message instanceof Uint8Array ? message : message?.schema;
  parentPort!.postMessage(message, bytes === undefined ? [] : [bytes.buffer as ArrayBuffer]);
}
