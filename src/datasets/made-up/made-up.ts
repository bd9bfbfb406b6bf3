// The made-up data set: pictures of shapes drawn from a seed, with one large easy mode and several rare hard ones, so
// that what one labels matters. The test set holds all modes and classes equally often.
import { createRandom, permutation, type Random } from "../../core/random.ts";
import type { DatasetRecipe } from "../../records/recipe.ts";
import type { Dataset, ImageSize } from "../dataset.ts";
import { digestInMemory, memorySplit, type PicturesInMemory } from "../memory-split.ts";
import { composeScene, type ModeName, modeNames, sidePx } from "./compose.ts";
import { rasterise } from "./rasterise.ts";
import { classNames } from "./shapes.ts";

type MadeUpRecipe = Extract<DatasetRecipe, { kind: "made-up" }>;

const imageSize: ImageSize = { width: sidePx, height: sidePx, channels: 3 };
const pictureBytes = 3 * sidePx * sidePx;
const easyShareInTraining = 0.76;

/** Draws the data set: the same recipe always gives the same bytes. */
export async function openMadeUp(recipe: MadeUpRecipe): Promise<Dataset> {
  const train = drawPart("train", trainingModes(recipe.train), recipe.seed);
  const test = drawPart("test", testModes(recipe.test), recipe.seed);
  return {
    name: "made-up",
    classNames,
    imageSize,
    digest: digestInMemory(classNames, [train, test]),
    train: memorySplit(train, imageSize),
    test: memorySplit(test, imageSize),
    skipped: [],
    normalisation: meanAndDeviation(train.pixels),
  };
}

/** Mostly easy; the hard modes share the rest equally. */
function trainingModes(count: number): ModeName[] {
  const hardModes = modeNames.slice(1);
  const easyCount = Math.round(count * easyShareInTraining);
  return Array.from({ length: count }, (_, i) => (i < easyCount ? "easy" : hardModes[i % hardModes.length]!));
}

function testModes(count: number): ModeName[] {
  return Array.from({ length: count }, (_, i) => modeNames[i % modeNames.length]!);
}

/** One picture per entry of `modes`, in random order. Within each mode the classes take turns. */
function drawPart(part: "train" | "test", modes: readonly ModeName[], seed: number): PicturesInMemory {
  const random = createRandom(seed, "made-up", part);
  const drawn = new Map<ModeName, number>();
  const planned = modes.map((mode) => {
    const turn = drawn.get(mode) ?? firstClass(mode);
    drawn.set(mode, turn + 1);
    return { mode, classIndex: turn % classNames.length };
  });
  const items = [...permutation(modes.length, random.stream("order"))].map((i) => planned[i]!);
  const pixels = new Uint8Array(items.length * pictureBytes);
  items.forEach(({ mode, classIndex }, i) => {
    drawPicture(classIndex, mode, random.stream(i), pixels.subarray(i * pictureBytes, (i + 1) * pictureBytes));
  });
  return {
    ids: items.map((_, i) => `${part}/${String(i).padStart(5, "0")}`),
    labels: Int32Array.from(items, (item) => item.classIndex),
    modes: items.map((item) => item.mode),
    pixels,
  };
}

/** The modes begin their turns at different classes, so that small sets are balanced over classes too. */
function firstClass(mode: ModeName): number {
  return 3 * modeNames.indexOf(mode);
}

function drawPicture(classIndex: number, mode: ModeName, random: Random, into: Uint8Array): void {
  rasterise(composeScene(classIndex, mode, random), random, into);
}

/** Per channel over all pictures, of values in [0, 1]. */
function meanAndDeviation(pixels: Uint8Array): Dataset["normalisation"] {
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  const area = sidePx * sidePx;
  for (let i = 0; i < pixels.length; i++) {
    const channel = Math.floor(i / area) % 3;
    sums[channel]! += pixels[i]!;
    squares[channel]! += pixels[i]! ** 2;
  }
  const count = pixels.length / 3;
  const mean = sums.map((sum) => sum / count / 255);
  const deviation = squares.map((square, c) => Math.sqrt(square / count / 255 ** 2 - mean[c]! ** 2));
  return { mean, deviation };
}
