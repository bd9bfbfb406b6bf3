// Writes what the contenders for scoring files read, into a folder: `model.safetensors`, JPEG files of soft noise in
// `pictures/`, and a few more in `sample/`, whose scores are compared.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { createRandom } from "../../src/core/random.ts";
import { inParallel } from "../../src/datasets/in-parallel.ts";
import { encodeSafetensors } from "../../src/nn/safetensors.ts";
import { checkpointMetadata } from "../../src/records/checkpoint.ts";
import { modelSchema } from "../../src/records/recipe-model.ts";
import { benchNet, normalisation } from "./nets.ts";
import { readOptions } from "./options.ts";
import { benchTraining, startWeights } from "./workload.ts";

const { out, width, side, files } = readOptions(["out"], ["width", "side", "files"]);
const made = benchNet(`resnet18-${width}`);
const sampleFiles = 128;
/** Brightness that the grain adds or takes, at most. */
const grainSteps = 6;

const coarsePx = 4;
const grain = createRandom(0, "grain");
const grains = Int8Array.from({ length: 2 ** 20 + 1 }, () => grain.integer(2 * grainSteps + 1) - grainSteps);

/**
 * Large soft patches, which look the same whatever filter makes a picture smaller, with a grain over them, so that it
 * compresses about as a photograph does.
 */
async function writePicture(path: string, number: number): Promise<void> {
  const random = createRandom(number, "picture");
  const patches = Uint8Array.from(
    { length: 3 * coarsePx ** 2 },
    () => grainSteps + random.integer(256 - 2 * grainSteps),
  );
  const pixels = await sharp(patches, { raw: { width: coarsePx, height: coarsePx, channels: 3 } })
    .resize(side, side, { kernel: "linear" })
    .raw()
    .toBuffer();
  const from = random.integer(2 ** 20);
  for (let i = 0; i < pixels.length; i++) pixels[i]! += grains[(from + i) % grains.length]!;
  await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 90 })
    .toFile(path);
}

async function writePictures(folder: string, count: number, first: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  await inParallel(numbers, 8, (number) =>
    writePicture(join(folder, `${String(number).padStart(5, "0")}.jpg`), number),
  );
}

await writePictures(join(out, "pictures"), files, 0);
await writePictures(join(out, "sample"), sampleFiles, files);
const record = checkpointMetadata({
  version: 1,
  task: "classification",
  model: modelSchema.parse({ width }),
  classNames: Array.from({ length: 10 }, (_, i) => `class ${i}`),
  imageSize: made.imageSize,
  resize: "crop",
  normalisation,
  lossPrediction: benchTraining(2).lossPrediction,
  averaged: false,
  progress: { cycle: 0, step: 0, labelled: "" },
});
await writeFile(join(out, "model.safetensors"), encodeSafetensors(startWeights(made), record));
