// Writes what the contenders of a cycle read, into a folder: start weights, and made-up pictures with labels as bytes, the
// labelled ones first, then the pool.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openDataset } from "../../src/datasets/index.ts";
import { encodeSafetensors } from "../../src/nn/safetensors.ts";
import { datasetSchema } from "../../src/records/recipe-dataset.ts";
import { benchNet } from "./nets.ts";
import { readOptions } from "./options.ts";
import { netName, startWeights } from "./workload.ts";

const { out, net, labelled, pool } = readOptions(["out", "net"], ["labelled", "pool"]);
const made = benchNet(net);
const { channels, height, width } = made.imageSize;
const recipe = datasetSchema.parse({ kind: "made-up", train: labelled + pool, test: 1 });
const { train } = await openDataset(recipe, { dataFolder: null });
const pictures = new Uint8Array(train.ids.length * channels * height * width);
await train.read(Uint32Array.from(train.ids.keys()), pictures);
await mkdir(out);
await writeFile(join(out, "weights.safetensors"), encodeSafetensors(startWeights(made), { [netName]: net }));
await writeFile(join(out, "pictures.bytes"), pictures); // [items, 3, side, side]
await writeFile(join(out, "labels.bytes"), Uint8Array.from(train.labels));
