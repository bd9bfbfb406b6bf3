// Stacked hourglass networks (Newell, Yang & Deng, "Stacked Hourglass Networks for Human Pose Estimation", ECCV 2016): each
// stack looks at the picture at every scale and draws one heat map per joint; the next one begins from what the last found.
// Residual blocks are bottlenecks with normalisation before each convolution (He et al. 2016, "Identity Mappings"). Every
// convolution has a bias, as published. Names are those of the pytorch-pose package, so that its weights can be loaded.
import { add, maxPool, mean, type Node, relu, upsampleNearest } from "../engine/index.ts";
import type { ModelBuilder } from "../nn/builder.ts";
import { dropout } from "../nn/dropout.ts";
import { uniformByInputs } from "../nn/initialise.ts";
import { batchNormalisation, biasedConvolution } from "../nn/layers.ts";

export interface HourglassOptions {
  readonly joints: number;
  /** Hourglasses one after another; 2 in "Learning Loss for Active Learning", 8 at most in the paper. */
  readonly stacks: number;
  /** How often an hourglass halves its maps; 4 in the paper. */
  readonly depth: number;
  /** Of all maps within the stacks; 256 in the paper. Divides by 4. */
  readonly channels: number;
  /** Residual blocks at each place; 1 in the paper. */
  readonly blocks: number;
  /** Share of the channels that is dropped before heat maps are drawn from them; none unless given. */
  readonly dropout?: number;
}

export interface HourglassOutputs {
  /** One per stack: [batch, joints, side / 4, side / 4]. */
  readonly heatMaps: readonly Node[];
  /** What each stack's heat maps are drawn from: [batch, channels, side / 4, side / 4]. */
  readonly maps: readonly Node[];
  /** The last of `maps`, pooled. */
  readonly embedding: Node; // [batch, channels]
}

/** Pictures are normalised, [batch, 3, side, side]; the side divides by 4 * 2^depth. Throws a `RangeError` otherwise. */
export function hourglass(b: ModelBuilder, pictures: Node, options: HourglassOptions): HourglassOutputs {
  const { stacks, channels, blocks, joints, depth } = options;
  checkSizes(pictures, options);
  const heatMaps: Node[] = [];
  const maps: Node[] = [];
  let x = stem(b, pictures, channels);
  for (let stack = 0; stack < stacks; stack++) {
    const at = (part: string) => b.in(`${part}.${stack}`);
    const seen = residuals(at("res"), oneHourglass(at("hg").in("hg"), x, depth, blocks), channels, blocks);
    const map = relu(
      batchNormalisation(at("fc").in("1"), convolved(at("fc").in("0"), seen, { out: channels, kernel: 1 })),
    );
    const heat = convolved(at("score"), dropout(at("score"), map, options.dropout ?? 0), { out: joints, kernel: 1 });
    maps.push(map);
    heatMaps.push(heat);
    if (stack === stacks - 1) break;
    const back = (part: string, from: Node) => convolved(at(part), from, { out: channels, kernel: 1 });
    x = add(add(x, back("fc_", map)), back("score_", heat));
  }
  return { heatMaps, maps, embedding: mean(maps.at(-1)!, { axes: [2, 3] }) };
}

function checkSizes(pictures: Node, { channels, depth }: HourglassOptions): void {
  const multiple = 4 * 2 ** depth;
  if (pictures.shape.slice(2).some((side) => side % multiple !== 0)) {
    throw new RangeError(
      `hourglass: pictures [${pictures.shape}] at depth ${depth}; the side must divide by ${multiple}`,
    );
  }
  if (channels % 4 !== 0) throw new RangeError(`hourglass: ${channels} channels; they must divide by 4`);
}

/** From the picture to maps of a quarter of its side. */
function stem(b: ModelBuilder, pictures: Node, channels: number): Node {
  const first = convolved(b.in("conv1"), pictures, { out: channels / 4, kernel: 7, stride: 2 });
  const half = residuals(b.in("layer1"), relu(batchNormalisation(b.in("bn1"), first)), channels / 2, 1);
  const quarter = residuals(b.in("layer2"), maxPool(half, { kernel: 2 }), channels, 1);
  return residuals(b.in("layer3"), quarter, channels, 1);
}

/** One side branch at full size, and one that goes down a scale, on, and up again; `depth` scales are left. */
function oneHourglass(b: ModelBuilder, x: Node, depth: number, blocks: number): Node {
  const part = (name: number, from: Node) => residuals(b.in(`${depth - 1}.${name}`), from, from.shape[1]!, blocks);
  const side = part(0, x);
  const down = part(1, maxPool(x, { kernel: 2 }));
  const inner = depth > 1 ? oneHourglass(b, down, depth - 1, blocks) : part(3, down);
  return add(side, upsampleNearest(part(2, inner), 2));
}

function residuals(b: ModelBuilder, x: Node, out: number, blocks: number): Node {
  let result = x;
  for (let block = 0; block < blocks; block++) result = bottleneck(b.in(`${block}`), result, out);
  return result;
}

function bottleneck(b: ModelBuilder, x: Node, out: number): Node {
  const activated = (number: number, from: Node, channels: number, kernel: number) => {
    const normalised = relu(batchNormalisation(b.in(`bn${number}`), from));
    return convolved(b.in(`conv${number}`), normalised, { out: channels, kernel });
  };
  const inner = activated(3, activated(2, activated(1, x, out / 2, 1), out / 2, 3), out, 1);
  const short = x.shape[1] === out ? x : convolved(b.in("downsample.0"), x, { out, kernel: 1 });
  return add(inner, short);
}

/** Padded so that stride 1 keeps the size; kernels start uniformly by their inputs, as in Torch. */
function convolved(
  b: ModelBuilder,
  x: Node,
  { out, kernel, stride = 1 }: { readonly out: number; readonly kernel: number; readonly stride?: number },
): Node {
  const initialise = uniformByInputs(x.shape[1]! * kernel ** 2);
  return biasedConvolution(b, x, { out, kernel, stride, padding: (kernel - 1) / 2, initialise });
}
