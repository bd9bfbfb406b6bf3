// A made-up data set of any task: one large easy mode and several rare hard ones in the pool, all modes equally often in the
// test set, drawn into memory.
import type { Skeleton } from "../../core/skeleton.ts";
import type { Dataset, Split } from "../dataset.ts";
import { digestInMemory, memorySplit } from "../memory-split.ts";
import { drawPart, type PartPlan } from "./draw-part.ts";
import type { Scene } from "./scene.ts";

type Packed = Int32Array | readonly object[];

export interface SetPlan<Mode, Label, Drawn extends Scene>
  extends Omit<PartPlan<Mode, Label, Drawn>, "part" | "modes"> {
  readonly classNames: readonly string[];
  readonly skeleton?: Skeleton;
  /** Numbers of pictures. */
  readonly sizes: { readonly train: number; readonly test: number };
  /** Labels as the data set holds them. */
  readonly pack: (labels: readonly Label[]) => Packed & Split<Label>["labels"];
}

/** Draws the data set: the same plan always gives the same bytes. */
export function drawSet<Mode extends string, Label, Drawn extends Scene>(
  plan: SetPlan<Mode, Label, Drawn>,
): Dataset<Label> {
  const { name, classNames, skeleton, sidePx, modeNames, sizes } = plan;
  const imageSize = { width: sidePx, height: sidePx, channels: 3 } as const;
  const draw = (part: "train" | "test", modes: readonly Mode[]) => {
    const drawn = drawPart({ ...plan, part, modes });
    return { ...drawn, labels: plan.pack(drawn.labels) };
  };
  const train = draw("train", trainingModes(modeNames, sizes.train));
  const test = draw("test", testModes(modeNames, sizes.test));
  return {
    name,
    classNames,
    ...(skeleton === undefined ? {} : { skeleton }),
    imageSize,
    digest: digestInMemory(classNames, [train, test]),
    train: memorySplit<Label>(train, imageSize),
    test: memorySplit<Label>(test, imageSize),
    skipped: [],
    normalisation: meanAndDeviation(train.pixels, sidePx),
  };
}

const easyShareInTraining = 0.76;

/** Mostly the first mode, the easy one; the others share the rest equally. */
function trainingModes<Mode>(modeNames: readonly Mode[], count: number): Mode[] {
  const [easy, ...hardModes] = modeNames;
  const easyCount = Math.round(count * easyShareInTraining);
  return Array.from({ length: count }, (_, i) => (i < easyCount ? easy! : hardModes[i % hardModes.length]!));
}

/** All modes equally often. */
function testModes<Mode>(modeNames: readonly Mode[], count: number): Mode[] {
  return Array.from({ length: count }, (_, i) => modeNames[i % modeNames.length]!);
}

/** Per channel over all pictures, of values in [0, 1]. */
function meanAndDeviation(pixels: Uint8Array, sidePx: number): Dataset["normalisation"] {
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
