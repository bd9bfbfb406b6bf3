// From the weights of VGG-16 as torchvision names them to those that SSD300 starts with: its convolutions as they are, its
// first two fully connected layers thinned out to the two convolutions that SSD makes of them ("decimation": Chen et al.,
// "DeepLab", 2015, section 3.1; SSD, section 3).
import { sizeOf } from "../engine/index.ts";
import type { TensorToStore } from "../nn/safetensors.ts";

/** Side of the maps that VGG's first fully connected layer sees. */
const seenSide = 7;

/** What each becomes, the side of its kernel, and every how many of [out, in, height, width] are kept. */
const thinning = {
  fc6: { from: "classifier.0", side: seenSide, every: [4, 1, 3, 3] },
  fc7: { from: "classifier.3", side: 1, every: [4, 4, 1, 1] },
} as const;

/** The tensors by SSD300's names; what VGG has no counterpart for is not among them. */
export function ssd300FromVgg(vgg: ReadonlyMap<string, TensorToStore>): Map<string, TensorToStore> {
  const result = new Map([...vgg].filter(([name]) => name.startsWith("features.")));
  for (const [name, { from, side, every }] of Object.entries(thinning)) {
    const weight = vgg.get(`${from}.weight`);
    const bias = vgg.get(`${from}.bias`);
    if (weight !== undefined) result.set(`${name}.weight`, thinned(asKernel(weight, side), every));
    if (bias !== undefined) result.set(`${name}.bias`, thinned(bias, every.slice(0, 1)));
  }
  return result;
}

/** A fully connected layer on maps of this side as the convolution that it is. */
function asKernel({ shape, values }: TensorToStore, side: number): TensorToStore {
  const [out, inputs] = shape as readonly [number, number];
  return { shape: [out, Math.floor(inputs / side ** 2), side, side], values };
}

/** Every `every[axis]`-th entry along each axis, from the first. */
function thinned({ shape, values }: TensorToStore, every: readonly number[]): TensorToStore {
  const kept = shape.map((extent, axis) => Math.ceil(extent / every[axis]!));
  const result = new Float32Array(sizeOf(kept));
  const at = kept.map(() => 0);
  for (let i = 0; i < result.length; i++) {
    result[i] = values[at.reduce((offset, place, axis) => offset * shape[axis]! + place * every[axis]!, 0)]!;
    for (let axis = kept.length - 1; axis >= 0 && ++at[axis]! === kept[axis]; axis--) at[axis] = 0;
  }
  return { shape: kept, values: result };
}
