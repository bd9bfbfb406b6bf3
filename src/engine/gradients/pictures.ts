// Gradients of pooling, upsampling and batch normalisation.
import { ShapeError } from "../errors.ts";
import type { Node, Pair } from "../graph.ts";
import {
  add,
  averagePool,
  averagePoolGradient,
  div,
  maxPoolGradient,
  mul,
  neg,
  reshape,
  sliceAxis,
  sqrt,
  sub,
  sum,
} from "../operations/index.ts";
import type { GradientRules } from "./rule.ts";

/** One number per channel, shaped to broadcast over pictures. */
function perChannel(x: Node): Node {
  return reshape(x, [1, x.shape[0]!, 1, 1]);
}

function sumPerChannel(x: Node): Node {
  return sum(x, { axes: [0, 2, 3] });
}

export const pictureRules: GradientRules<
  | "maxPool"
  | "maxPoolGradient"
  | "averagePool"
  | "averagePoolGradient"
  | "upsampleNearest"
  | "batchMoments"
  | "normalise"
> = {
  maxPool: (node, dy) => [maxPoolGradient(node.inputs[0]!, dy, node.attributes)],
  maxPoolGradient: () => {
    throw new ShapeError("gradient of maxPoolGradient", "second derivatives of max pooling are not supported");
  },
  averagePool: (node, dy) => {
    const { shape } = node.inputs[0]!;
    return [averagePoolGradient(dy, node.attributes, [shape[2]!, shape[3]!] as Pair)];
  },
  averagePoolGradient: (node, dy) => [averagePool(dy, node.attributes)],
  upsampleNearest: (node, dy) => {
    // What a pixel was repeated to is a window: its sum is its mean times its size, which every engine has a fast way to.
    const { factor } = node.attributes;
    return [mul(averagePool(dy, { kernel: factor }), factor ** 2)];
  },
  batchMoments: (node, dy) => {
    // mean = sum x / m, variance = sum (x - mean)^2 / m: dx = dMean / m + 2 (x - mean) dVariance / m
    const x = node.inputs[0]!;
    const count = (x.shape[0]! * x.shape[2]! * x.shape[3]!) as number;
    const [dMean, dVariance] = [momentOf(dy, 0), momentOf(dy, 1)];
    const slope = mul(dVariance, 2 / count);
    const offset = sub(mul(dMean, 1 / count), mul(slope, momentOf(node as Node, 0)));
    return [add(mul(x, perChannel(slope)), perChannel(offset))];
  },
  normalise: (node, dy, wanted) => {
    const [x, mean, variance, scale] = node.inputs as readonly [Node, Node, Node, Node];
    const inverse = div(1, sqrt(add(variance, node.attributes.epsilon)));
    const dShift = sumPerChannel(dy);
    const factor = mul(scale, inverse);
    // sum dy (x - mean) / sqrt(variance + epsilon)
    const dScale = wanted[2] || wanted[3] ? mul(sub(sumPerChannel(mul(dy, x)), mul(mean, dShift)), inverse) : null;
    return [
      wanted[0] ? mul(dy, perChannel(factor)) : null,
      wanted[1] ? neg(mul(factor, dShift)) : null,
      wanted[2] ? mul(mul(mul(factor, inverse), -0.5), dScale as Node) : null,
      dScale,
      dShift,
    ];
  },
};

/** Row 0 (mean) or 1 (variance) of moments [2, channels], as [channels]. */
export function momentOf(moments: Node, row: 0 | 1): Node {
  return reshape(sliceAxis(moments, 0, row, row + 1), [moments.shape[1]!]);
}
