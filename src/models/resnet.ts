// ResNet-18 for small pictures (He et al. 2016): 3x3 stem without pooling, four stages of two basic blocks. At width 64
// and 10 classes it has 11,173,962 parameters. Names are torchvision's, so that its weights can be loaded and saved.
import { add, mean, type Node, relu } from "../engine/index.ts";
import type { ModelBuilder } from "../nn/builder.ts";
import { dropout } from "../nn/dropout.ts";
import { batchNormalisation, convolution, linear } from "../nn/layers.ts";

export interface ResNetOptions {
  readonly classes: number;
  /** Channels of the first stage; each later stage doubles them. */
  readonly width: number;
  /** Share of the embedding that is dropped before the last layer; none unless given. */
  readonly dropout?: number;
}

export interface ResNetOutputs {
  readonly logits: Node; // [batch, classes]
  /** What the last layer sees. */
  readonly embedding: Node; // [batch, 8 * width]
  /** Output of each stage: [batch, width * 2^i, side / 2^i, side / 2^i]. */
  readonly maps: readonly Node[];
}

/** Pictures are normalised, [batch, 3, side, side]; the side divides by 8. */
export function resnet18(b: ModelBuilder, pictures: Node, options: ResNetOptions): ResNetOutputs {
  const { maps, embedding } = resnetStages(b, pictures, options.width, 1);
  const last = b.in("fc");
  const logits = linear(last, dropout(last, embedding, options.dropout ?? 0), options.classes);
  return { logits, embedding, maps };
}

/** All but the last layer. With a stem of stride 2 every map has half the side. */
export function resnetStages(
  b: ModelBuilder,
  pictures: Node,
  width: number,
  stemStride: number,
): Omit<ResNetOutputs, "logits"> {
  let x = convolution(b.in("conv1"), pictures, { out: width, kernel: 3, stride: stemStride, padding: 1 });
  x = relu(batchNormalisation(b.in("bn1"), x));
  const maps: Node[] = [];
  for (const [stage, factor] of [1, 2, 4, 8].entries()) {
    const layer = b.in(`layer${stage + 1}`);
    x = basicBlock(layer.in("0"), x, width * factor, stage === 0 ? 1 : 2);
    x = basicBlock(layer.in("1"), x, width * factor, 1);
    maps.push(x);
  }
  return { embedding: mean(x, { axes: [2, 3] }), maps };
}

function basicBlock(b: ModelBuilder, x: Node, out: number, stride: number): Node {
  const inner = convolution(b.in("conv1"), x, { out, kernel: 3, stride, padding: 1 });
  const middle = relu(batchNormalisation(b.in("bn1"), inner));
  const outer = convolution(b.in("conv2"), middle, { out, kernel: 3, padding: 1 });
  return relu(add(batchNormalisation(b.in("bn2"), outer), shortcut(b.in("downsample"), x, out, stride)));
}

function shortcut(b: ModelBuilder, x: Node, out: number, stride: number): Node {
  if (stride === 1 && x.shape[1] === out) return x;
  return batchNormalisation(b.in("1"), convolution(b.in("0"), x, { out, kernel: 1, stride }));
}
