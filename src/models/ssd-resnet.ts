// A single-shot detector on the ResNet for small pictures: boxes are told from its last two stages and from a few maps behind
// them, each of half the side.
import { type Node, relu } from "../engine/index.ts";
import type { ModelBuilder } from "../nn/builder.ts";
import { batchNormalisation, type ConvolutionOptions, convolution } from "../nn/layers.ts";
import { boxHeads, type SsdOutputs } from "./box-heads.ts";
import { resnetStages } from "./resnet.ts";

export interface SsdResNetOptions {
  readonly classes: number;
  /** Channels of the first stage; each later stage doubles them. */
  readonly width: number;
  /** 2 halves the side of every map. */
  readonly stemStride: number;
  readonly extraMaps: number;
  /** The same on every map. */
  readonly priorsPerCell: number;
  /** Share of the channels of every map that is dropped before boxes are told from it; none unless given. */
  readonly dropout?: number;
}

/** Stages that no boxes are told from: their cells see too little. */
const plainStages = 2;

/** Cells along each side of every map that boxes are told from, for pictures of this side. */
export function ssdResNetCellsPerSide(
  sidePx: number,
  { stemStride, extraMaps }: Pick<SsdResNetOptions, "stemStride" | "extraMaps">,
): number[] {
  const halved = (side: number, times: number): number => (times === 0 ? side : halved(Math.ceil(side / 2), times - 1));
  return Array.from({ length: 2 + extraMaps }, (_, i) => halved(sidePx, stemStride - 1 + plainStages + i));
}

/** Pictures are normalised, [batch, 3, side, side]. */
export function ssdResNet(b: ModelBuilder, pictures: Node, options: SsdResNetOptions): SsdOutputs {
  const { classes, width, stemStride, extraMaps, priorsPerCell } = options;
  const { maps: stages, embedding } = resnetStages(b, pictures, width, stemStride);
  const maps = [...stages.slice(plainStages), ...extra(b.in("extra"), stages.at(-1)!, 2 * width, extraMaps)];
  const seen = maps.map((map) => ({ map, priorsPerCell }));
  return { ...boxHeads(b.in("heads"), seen, classes, options.dropout), maps, embedding };
}

/** `count` maps behind `map`: each narrows by 1 x 1, then halves the side. */
function extra(b: ModelBuilder, map: Node, narrow: number, count: number): Node[] {
  let x = map;
  return Array.from({ length: count }, (_, i) => {
    const inner = layer(b.in(`${i}.0`), x, { out: narrow, kernel: 1 });
    x = layer(b.in(`${i}.1`), inner, { out: 2 * narrow, kernel: 3, stride: 2, padding: 1 });
    return x;
  });
}

function layer(b: ModelBuilder, x: Node, options: ConvolutionOptions): Node {
  return relu(batchNormalisation(b.in("bn"), convolution(b.in("conv"), x, options)));
}
