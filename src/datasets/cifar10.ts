// CIFAR-10 (Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images") in its official binary version:
// per picture 1 byte of label, then 3 x 32 x 32 bytes, red, green and blue plane one after another.
// https://www.cs.toronto.edu/~kriz/cifar.html
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { ForelossError } from "../core/errors.ts";
import type { DatasetRecipe } from "../records/recipe-dataset.ts";
import type { Dataset, ImageSize } from "./dataset.ts";
import { digestInMemory, memorySplit, type PicturesInMemory } from "./memory-split.ts";
import { similarFolder } from "./missing-folder.ts";

type Cifar10Recipe = Extract<DatasetRecipe, { kind: "cifar10" }>;

const imageSize: ImageSize = { width: 32, height: 32, channels: 3 };
const pictureBytes = 3 * 32 * 32;
const recordBytes = 1 + pictureBytes;
const classCount = 10;
const metaFile = "batches.meta.txt";
const trainFiles = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`);
const testFiles = ["test_batch.bin"];
const allFiles = [...trainFiles, ...testFiles, metaFile];
const layout = `It holds ${allFiles.join(", ")}, itself or in a sub-folder cifar10/ or cifar-10-batches-bin/.`;

// Means as published with most CIFAR-10 recipes. The deviations are the mean over pictures of each picture's own
// deviation, not the deviation over all pixels (.2470 .2435 .2616); they became customary through
// github.com/kuangliu/pytorch-cifar and are kept so that figures compare.
const normalisation = { mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.201] };

/** Opens CIFAR-10 in `folder` or in a sub-folder of it named `cifar10` or `cifar-10-batches-bin`. Throws a `ForelossError` when files are missing or damaged. */
export async function openCifar10(recipe: Cifar10Recipe, folder: string | null): Promise<Dataset> {
  if (folder === null) {
    throw new ForelossError("cifar10: no data folder was given", {
      hint: `Name it with --data <folder>; with --download the official archive is fetched into it. ${layout}`,
    });
  }
  const found = await requireCifar10(folder);
  const classNames = await readClassNames(path.join(found, metaFile));
  const train = await readPart(found, "train", trainFiles, recipe.trainLimit);
  const test = await readPart(found, "test", testFiles, recipe.testLimit);
  return {
    name: "cifar10",
    classNames,
    imageSize,
    digest: digestInMemory(classNames, [train, test]),
    train: memorySplit(train, imageSize),
    test: memorySplit(test, imageSize),
    skipped: [],
    normalisation,
  };
}

/** The folder with all files of CIFAR-10: `folder` or one of the known names in it; undefined when there is none. */
export async function findCifar10(folder: string): Promise<string | undefined> {
  for (const candidate of candidates(folder)) {
    if ((await missingFiles(candidate)).length === 0) return candidate;
  }
  return undefined;
}

function candidates(folder: string): string[] {
  return [folder, path.join(folder, "cifar10"), path.join(folder, "cifar-10-batches-bin")];
}

async function missingFiles(folder: string): Promise<string[]> {
  const present = new Set(await readdir(folder).catch((): string[] => []));
  return allFiles.filter((name) => !present.has(name));
}

async function requireCifar10(folder: string): Promise<string> {
  const found = await findCifar10(folder);
  if (found === undefined) throw await notFound(folder);
  return found;
}

async function notFound(folder: string): Promise<ForelossError> {
  const hint = `--download fetches the official archive into the folder given with --data. ${layout}`;
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    return new ForelossError(`${folder}: no such folder${await similarFolder(folder)}`, { hint });
  }
  for (const candidate of candidates(folder)) {
    const missing = await missingFiles(candidate);
    if (missing.length < allFiles.length) {
      return new ForelossError(`${candidate}: CIFAR-10 is not complete, missing: ${missing.join(", ")}`, { hint });
    }
    if ((await readdir(candidate).catch((): string[] => [])).includes("batches.meta")) {
      return new ForelossError(`${candidate}: this is the Python version of CIFAR-10, not the binary one`, { hint });
    }
  }
  return new ForelossError(
    `${folder}: no CIFAR-10 here; looked for ${trainFiles[0]} in ${candidates(folder).join(", ")}`,
    { hint },
  );
}

async function readClassNames(file: string): Promise<string[]> {
  const names = (await readFile(file, "utf8")).split(/\r?\n/).map((line) => line.trim());
  const classNames = names.filter((name) => name !== "");
  if (classNames.length !== classCount || new Set(classNames).size !== classCount) {
    throw new ForelossError(
      `${file}: expected ${classCount} different class names, one per line, found ${classNames.length}`,
      { hint: "Unpack the official archive again." },
    );
  }
  return classNames;
}

/** The first `limit` pictures of a list of files (all when null). Every file's size is checked, also of those not read. */
async function readPart(
  folder: string,
  part: "train" | "test",
  files: readonly string[],
  limit: number | null,
): Promise<PicturesInMemory> {
  const counts = await Promise.all(files.map((name) => countRecords(path.join(folder, name))));
  const total = counts.reduce((sum, n) => sum + n, 0);
  const count = Math.min(limit ?? total, total);
  const pixels = new Uint8Array(count * pictureBytes);
  const labels = new Int32Array(count);
  for (let done = 0, i = 0; done < count; done += counts[i++]!) {
    const file = path.join(folder, files[i]!);
    copyRecords(await readFile(file), file, Math.min(counts[i]!, count - done), done, labels, pixels);
  }
  const ids = Array.from({ length: count }, (_, i) => `${part}/${String(i).padStart(5, "0")}`);
  return { ids, labels, pixels };
}

async function countRecords(file: string): Promise<number> {
  const { size } = await stat(file);
  if (size === 0 || size % recordBytes !== 0) {
    throw new ForelossError(
      `${file}: ${size} bytes; expected a whole number of ${recordBytes}-byte records (officially 10,000 of them, ${10_000 * recordBytes} bytes)`,
      { hint: "The file is cut off or another one: unpack the official archive again." },
    );
  }
  return size / recordBytes;
}

/** Splits `count` records of a file into labels and pictures, from item `first` on. */
function copyRecords(
  records: Uint8Array,
  file: string,
  count: number,
  first: number,
  labels: Int32Array,
  pixels: Uint8Array,
): void {
  for (let i = 0; i < count; i++) {
    const label = records[i * recordBytes]!;
    if (label >= classCount) {
      throw new ForelossError(`${file}: label ${label} in record ${i}; expected 0 to ${classCount - 1}`, {
        hint: "This is not the binary version of CIFAR-10 (CIFAR-100 has two label bytes), or the file is damaged.",
      });
    }
    labels[first + i] = label;
    const start = i * recordBytes + 1;
    pixels.set(records.subarray(start, start + pictureBytes), (first + i) * pictureBytes);
  }
}
