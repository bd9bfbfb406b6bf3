// Writes what the contenders of a choice read, into a folder: embeddings of `pool` and `labelled` items around as many middles
// as asked for, and class probabilities where there are classes, as .npy files of float32 [items, columns].
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, type Random } from "../../src/core/random.ts";
import { encodeNpy } from "../../src/records/npy.ts";
import { readOptions } from "./options.ts";

const { out, ...sizes } = readOptions(["out"], ["items", "labelled", "dimensions", "classes", "clusters"]);
const random = createRandom(1, "bench", "choose");
const middles = draw(sizes.clusters, sizes.dimensions, random.stream("middles"));
await mkdir(out);
await write("pool", around(middles, sizes.items, random.stream("pool")), sizes.dimensions);
await write("labelled", around(middles, sizes.labelled, random.stream("labelled")), sizes.dimensions);
if (sizes.classes > 0) await write("probabilities", probabilities(sizes.items, sizes.classes), sizes.classes);

/** Standard normal numbers, out of a table of so many: a million rows of them one by one would take minutes. */
function draw(rows: number, columns: number, from: Random): Float32Array {
  const table = Float32Array.from({ length: 65_521 }, () => from.normal());
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const start = from.integer(table.length);
    const step = 1 + from.integer(table.length - 1);
    for (let d = 0; d < columns; d++) values[row * columns + d] = table[(start + d * step) % table.length]!;
  }
  return values;
}

/** Points around the middles; where there are several, a fifth as far from them as they are from each other. */
function around(middles: Float32Array, rows: number, from: Random): Float32Array {
  const { clusters, dimensions } = sizes;
  const values = draw(rows, dimensions, from);
  if (clusters === 1) return values;
  for (let row = 0; row < rows; row++) {
    const middle = from.integer(clusters) * dimensions;
    for (let d = 0; d < dimensions; d++) {
      const at = row * dimensions + d;
      values[at] = middles[middle + d]! + values[at]! / 5;
    }
  }
  return values;
}

function probabilities(rows: number, classes: number): Float32Array {
  const values = draw(rows, classes, random.stream("probabilities")).map((logit) => Math.exp(3 * logit));
  for (let start = 0; start < values.length; start += classes) {
    const row = values.subarray(start, start + classes);
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((power, c) => {
      row[c] = power / sum;
    });
  }
  return values;
}

async function write(name: string, values: Float32Array, columns: number): Promise<void> {
  await writeFile(join(out, `${name}.npy`), encodeNpy({ rows: values.length / columns, columns, values }));
}
