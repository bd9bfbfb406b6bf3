// Writes what the contenders of a choice read, into a folder: embeddings of `pool` and `labelled` items around as many middles
// as asked for, as .npy files of float32, and class probabilities where there are classes, as .npy and as .parquet. Block by
// block: the pool may be larger than memory.
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { Compression, Table, transformParquetStream, WriterPropertiesBuilder } from "parquet-wasm";
import { createRandom, type Random } from "../../src/core/random.ts";
import type { Matrix } from "../../src/core/signals.ts";
import { encodeNpyHeader } from "../../src/records/npy.ts";
import { readOptions } from "./options.ts";

const { out, ...sizes } = readOptions(["out"], ["items", "labelled", "dimensions", "classes", "clusters"]);
const { items, labelled, dimensions, classes, clusters } = sizes;
const rowsPerBlock = 2 ** 16;

type Draw = (rows: number, columns: number) => Float32Array;

const random = createRandom(1, "bench", "choose");
const middles = drawer(random.stream("middles"))(clusters, dimensions);
await mkdir(out);
if (dimensions > 0) {
  await writeNpy("pool", items, dimensions, aroundMiddles(random.stream("pool")));
  await writeNpy("labelled", labelled, dimensions, aroundMiddles(random.stream("labelled")));
}
if (classes > 0) {
  const draw = probabilities(random.stream("probabilities"));
  await writeNpy("probabilities", items, classes, draw);
  await writeParquet("probabilities", items, classes, probabilities(random.stream("probabilities")));
}

/** Standard normal numbers, out of a table of so many: a million rows of them one by one would take minutes. */
function drawer(from: Random): Draw {
  const table = Float32Array.from({ length: 65_521 }, () => from.normal());
  return (rows, columns) => {
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      const step = 1 + from.integer(table.length - 1);
      let at = from.integer(table.length);
      for (let d = row * columns; d < (row + 1) * columns; d++) {
        values[d] = table[at]!;
        at += step;
        if (at >= table.length) at -= table.length;
      }
    }
    return values;
  };
}

/** Points around the middles; where there are several, a fifth as far from them as they are from each other. */
function aroundMiddles(from: Random): Draw {
  const draw = drawer(from);
  return (rows, columns) => {
    const values = draw(rows, columns);
    for (let row = 0; row < rows && clusters > 1; row++) {
      const middle = from.integer(clusters) * columns;
      for (let d = 0; d < columns; d++) {
        const at = row * columns + d;
        values[at] = middles[middle + d]! + values[at]! / 5;
      }
    }
    return values;
  };
}

function probabilities(from: Random): Draw {
  const draw = drawer(from);
  return (rows, columns) => {
    const values = draw(rows, columns).map((logit) => Math.exp(3 * logit));
    for (let start = 0; start < values.length; start += columns) {
      const row = values.subarray(start, start + columns);
      const sum = row.reduce((a, b) => a + b, 0);
      row.forEach((power, c) => {
        row[c] = power / sum;
      });
    }
    return values;
  };
}

function* blocks(rows: number, columns: number, draw: Draw): Generator<Matrix> {
  for (let first = 0; first < rows; first += rowsPerBlock) {
    const some = Math.min(rowsPerBlock, rows - first);
    yield { rows: some, columns, values: draw(some, columns) };
  }
}

async function writeNpy(name: string, rows: number, columns: number, draw: Draw): Promise<void> {
  const file = await open(join(out, `${name}.npy`), "w");
  await file.writeFile(encodeNpyHeader(rows, columns));
  for (const { values } of blocks(rows, columns, draw)) await file.writeFile(new Uint8Array(values.buffer));
  await file.close();
}

/** Columns p0, p1 and so on, in groups of a million rows, as pyarrow writes them. */
async function writeParquet(name: string, rows: number, columns: number, draw: Draw): Promise<void> {
  const properties = new WriterPropertiesBuilder().setCompression(Compression.SNAPPY).setDictionaryEnabled(false);
  const batches = ReadableStream.from(parquetBatches(blocks(rows, columns, draw)));
  const written = await transformParquetStream(batches, properties.build());
  await writeFile(join(out, `${name}.parquet`), written);
}

function* parquetBatches(some: Iterable<Matrix>) {
  for (const block of some) yield* Table.fromIPCStream(tableToIPC(tableOf(block))).recordBatches();
}

function tableOf({ rows, columns, values }: Matrix) {
  const column = (c: number) => Float32Array.from({ length: rows }, (_, row) => values[row * columns + c]!);
  return tableFromArrays(Object.fromEntries(Array.from({ length: columns }, (_, c) => [`p${c}`, column(c)])));
}
