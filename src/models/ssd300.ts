// SSD300 on VGG-16 (Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016): the layers of VGG up to conv5_3, its first
// two fully connected ones as convolutions (the first with holes), and four pairs of smaller ones behind them. At width 64
// and 20 classes it has 26,285,486 parameters. Names of VGG's own layers are torchvision's.
import { maxPool, mean, type Node, relu } from "../engine/index.ts";
import type { ModelBuilder } from "../nn/builder.ts";
import { glorotUniform } from "../nn/initialise.ts";
import { biasedConvolution, type ConvolutionOptions, channelNormalisation } from "../nn/layers.ts";
import { boxHeads, type SsdOutputs } from "./box-heads.ts";

export interface Ssd300Options {
  readonly classes: number;
  /** Channels of the first layer; all others follow. */
  readonly width: number;
  /** For each of the six maps. */
  readonly priorsPerCell: readonly number[];
  /** Share of the channels of every map that is dropped before boxes are told from it; none unless given. */
  readonly dropout?: number;
}

/** Cells along each side of its six maps, for pictures of 300 x 300. */
export const ssd300CellsPerSide = [38, 19, 10, 5, 3, 1] as const;

/** Start of the learned scale behind conv4_3, whose numbers are larger than those of the other maps. */
const conv4Scale = 20;

/** Pictures are normalised, [batch, 3, 300, 300]. */
export function ssd300(b: ModelBuilder, pictures: Node, options: Ssd300Options): SsdOutputs {
  const { width, priorsPerCell } = options;
  const conv4 = vgg(b, pictures, [0, 2, 5, 7, 10, 12, 14, 17, 19, 21], width);
  const conv5 = vgg(b, maxPool(conv4, { kernel: 2 }), [24, 26, 28], width);
  const pooled = maxPool(conv5, { kernel: 3, stride: 1, padding: 1 });
  const fc6 = layer(b.in("fc6"), pooled, { out: 16 * width, kernel: 3, padding: 6, dilation: 6 });
  const fc7 = layer(b.in("fc7"), fc6, { out: 16 * width, kernel: 1 });
  const maps = [conv4, fc7, ...smallerMaps(b, fc7, width)];
  const normalised = channelNormalisation(b.in("conv4_scale"), conv4, conv4Scale);
  const seen = maps.map((map, i) => ({ map: i === 0 ? normalised : map, priorsPerCell: priorsPerCell[i]! }));
  const told = boxHeads(b.in("heads"), seen, options.classes, options.dropout);
  return { ...told, maps, embedding: mean(fc7, { axes: [2, 3] }) };
}

/** Layers of VGG-16 by their number in torchvision's `features`; where one was a pooling, the number skips it. */
function vgg(b: ModelBuilder, pictures: Node, numbers: readonly number[], width: number): Node {
  let x = pictures;
  numbers.forEach((number, i) => {
    const poolsFirst = i > 0 && number > numbers[i - 1]! + 2;
    if (poolsFirst) x = maxPool(x, { kernel: 2, padding: [0, 0, x.shape[2]! % 2, x.shape[3]! % 2] });
    x = layer(b.in(`features.${number}`), x, { out: width * channelsOf(number), kernel: 3, padding: 1 });
  });
  return x;
}

function channelsOf(number: number): number {
  return number < 5 ? 1 : number < 10 ? 2 : number < 17 ? 4 : 8;
}

/** conv8 to conv11: each narrows by 1 x 1, then goes on to a smaller map. */
function smallerMaps(b: ModelBuilder, fc7: Node, width: number): Node[] {
  let x = fc7;
  const shapes = [
    { name: "conv8", factor: 4, stride: 2, padding: 1 },
    { name: "conv9", factor: 2, stride: 2, padding: 1 },
    { name: "conv10", factor: 2, stride: 1, padding: 0 },
    { name: "conv11", factor: 2, stride: 1, padding: 0 },
  ];
  return shapes.map(({ name, factor, stride, padding }) => {
    const narrow = layer(b.in(`${name}_1`), x, { out: factor * width, kernel: 1, initialise: glorotUniform });
    const options = { out: 2 * factor * width, kernel: 3, stride, padding, initialise: glorotUniform };
    x = layer(b.in(`${name}_2`), narrow, options);
    return x;
  });
}

function layer(b: ModelBuilder, x: Node, options: ConvolutionOptions): Node {
  return relu(biasedConvolution(b, x, options));
}
