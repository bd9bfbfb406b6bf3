// Gradients of matrix product and convolution: each is again one of the three, so they can be differentiated again.
import type { Node, Pair } from "../graph.ts";
import { conv2d, conv2dInputGradient, conv2dWeightGradient, matmul, reshape, transpose } from "../operations/index.ts";
import type { GradientRules } from "./rule.ts";

function spatial(x: Node): Pair {
  return [x.shape[2]!, x.shape[3]!];
}

/** Rows of a batch of matrices as one matrix. */
function flat(x: Node): Node {
  return reshape(x, [-1, x.shape.at(-1)!]);
}

function swapLastTwo(x: Node): Node {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
}

export const linearRules: GradientRules<"matmul" | "conv2d" | "conv2dInputGradient" | "conv2dWeightGradient"> = {
  matmul: (node, dy, wanted) => {
    const [a, b] = node.inputs as readonly [Node, Node];
    const { transposeA, transposeB } = node.attributes;
    const gradientA = () =>
      transposeA ? swapLastTwo(matmul(dy, b, { transposeB: !transposeB })) : matmul(dy, b, { transposeB: !transposeB });
    const gradientB = () => {
      // A matrix shared by the whole batch sees the batch's rows as one long matrix.
      const shared = b.shape.length < a.shape.length;
      const rows = shared ? flat(transposeA ? swapLastTwo(a) : a) : a;
      const dRows = shared ? flat(dy) : dy;
      const transposed = transposeA && !shared;
      return transposeB
        ? matmul(dRows, rows, { transposeA: true, transposeB: transposed })
        : matmul(rows, dRows, { transposeA: !transposed });
    };
    return [wanted[0] ? gradientA() : null, wanted[1] ? gradientB() : null];
  },
  conv2d: (node, dy, wanted) => {
    const [x, w] = node.inputs as readonly [Node, Node];
    return [
      wanted[0] ? conv2dInputGradient(dy, w, node.attributes, spatial(x)) : null,
      wanted[1] ? conv2dWeightGradient(x, dy, node.attributes, spatial(w)) : null,
    ];
  },
  conv2dInputGradient: (node, dy, wanted) => {
    const [dOut, w] = node.inputs as readonly [Node, Node];
    return [
      wanted[0] ? conv2d(dy, w, node.attributes) : null,
      wanted[1] ? conv2dWeightGradient(dy, dOut, node.attributes, spatial(w)) : null,
    ];
  },
  conv2dWeightGradient: (node, dy, wanted) => {
    const [x, dOut] = node.inputs as readonly [Node, Node];
    return [
      wanted[0] ? conv2dInputGradient(dOut, dy, node.attributes, spatial(x)) : null,
      wanted[1] ? conv2d(x, dy, node.attributes) : null,
    ];
  },
};
