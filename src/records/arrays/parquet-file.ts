// Parquet files, read batch by batch; they are decoded in a thread beside (see parquet-worker.ts).
import { once } from "node:events";
import { access } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { type RecordBatch, type Schema, tableFromIPC } from "apache-arrow";
import { type ArrowFile, arrowTable } from "./arrow-table.ts";
import { damaged } from "./damaged.ts";
import { rowsPerPiece } from "./number-rows.ts";
import type { ParquetReply, ParquetRequest, ParquetSummary } from "./parquet-worker.ts";
import type { Table } from "./table.ts";

export async function openParquet(path: string): Promise<Table> {
  await access(path);
  return await withThread(path, async (thread) => {
    const { schema, rows, rowGroupBytes } = (await thread.reply()) as ParquetSummary;
    const known = tableFromIPC(schema).schema;
    const file: ArrowFile = {
      path,
      format: "Parquet",
      schema: known,
      rows,
      readingBytes: copiesOfRowGroup * rowGroupBytes,
      batches: (columns) => batches(path, columns, known),
    };
    return arrowTable(file);
  });
}

/** As it is read, as the decoder has it, and what it is unpacked into. */
const copiesOfRowGroup = 3;

interface Thread {
  /** The next message of the thread. */
  reply(): Promise<ParquetReply>;
  /** Asks for the next message. */
  ask(request: ParquetRequest): Promise<ParquetReply>;
  close(): Promise<void>;
}

async function* batches(path: string, columns: readonly string[], schema: Schema): AsyncGenerator<RecordBatch> {
  const thread = openThread(path);
  try {
    await thread.reply();
    let next = thread.ask({ columns, batchRows: batchRows(schema, columns) });
    for (let bytes = await next; bytes !== null; bytes = await next) {
      next = thread.ask("next");
      yield* tableFromIPC(bytes as Uint8Array).batches;
    }
  } catch (error) {
    throw damaged(path, "Parquet", error);
  } finally {
    await thread.close();
  }
}

/** A batch of columns of numbers is as long as a piece; how long lists are is not known yet. */
function batchRows(schema: Schema, columns: readonly string[]): number {
  const fields = schema.fields.filter(({ name }) => columns.includes(name));
  const numbers = fields.map(({ type }) =>
    "listSize" in type ? Number(type.listSize) : type.children === null ? 1 : 1024,
  );
  return rowsPerPiece(numbers.reduce((sum, width) => sum + width, 0));
}

function openThread(path: string): Thread {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./parquet-worker.${extension}`, import.meta.url), {
    workerData: path,
    stderr: true,
  });
  const reply = () => {
    const message = once(worker, "message").then(([value]) => value as ParquetReply);
    message.catch(() => undefined); // thrown where it is awaited
    return message;
  };
  const ask = (request: ParquetRequest) => {
    const message = reply();
    worker.postMessage(request);
    return message;
  };
  return { reply, ask, close: async () => void (await worker.terminate()) };
}

async function withThread<T>(path: string, work: (thread: Thread) => Promise<T>): Promise<T> {
  const thread = openThread(path);
  try {
    return await work(thread);
  } catch (error) {
    throw damaged(path, "Parquet", error);
  } finally {
    await thread.close();
  }
}
