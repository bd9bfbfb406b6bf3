// Gradients of the operations that move elements: the movement undone.
import type { Node } from "../graph.ts";
import { gather, pad, reshape, reverse, scatterAdd, slice, sliceAxis, transpose } from "../operations/index.ts";
import { sumTo } from "./elementwise.ts";
import type { GradientRules } from "./rule.ts";

/** `x` with `step - 1` zeros after every entry of `axis`, cut or padded to extent `length` (the adjoint of a strided slice). */
function interleave(x: Node, axis: number, step: number, length: number): Node {
  if (step === 1) return x;
  const n = x.shape[axis]!;
  const apart = reshape(x, [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)]);
  const zeros = apart.shape.map((_, i) => (i === axis + 1 ? step - 1 : 0));
  const spread = pad(
    apart,
    zeros.map(() => 0),
    zeros,
  );
  const merged = reshape(spread, [...x.shape.slice(0, axis), n * step, ...x.shape.slice(axis + 1)]);
  return n * step > length ? sliceAxis(merged, axis, 0, length) : merged;
}

export const layoutRules: GradientRules<
  "reshape" | "broadcastTo" | "transpose" | "slice" | "reverse" | "pad" | "concat" | "gather" | "scatterAdd" | "oneHot"
> = {
  reshape: (node, dy) => [reshape(dy, node.inputs[0]!.shape)],
  broadcastTo: (node, dy) => [sumTo(dy, node.inputs[0]!.shape)],
  transpose: (node, dy) => {
    const { permutation } = node.attributes;
    return [
      transpose(
        dy,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
    ];
  },
  slice: (node, dy) => {
    const { starts, steps } = node.attributes;
    const { shape } = node.inputs[0]!;
    const spread = steps.reduce((x, step, axis) => interleave(x, axis, step, shape[axis]! - starts[axis]!), dy);
    return [
      pad(
        spread,
        starts,
        shape.map((extent, axis) => extent - starts[axis]! - spread.shape[axis]!),
      ),
    ];
  },
  reverse: (node, dy) => [reverse(dy, node.attributes.axes)],
  pad: (node, dy) => {
    const { before } = node.attributes;
    const { shape } = node.inputs[0]!;
    return [
      slice(
        dy,
        before,
        before.map((n, axis) => n + shape[axis]!),
      ),
    ];
  },
  concat: (node, dy) => {
    const { axis } = node.attributes;
    let start = 0;
    return node.inputs.map((part) => {
      const from = start;
      start += part.shape[axis]!;
      return sliceAxis(dy, axis, from, start);
    });
  },
  gather: (node, dy) => {
    const [x, indices] = node.inputs as readonly [Node, Node];
    const { axis } = node.attributes;
    return [scatterAdd(dy, indices, axis, x.shape[axis]!), null];
  },
  scatterAdd: (node, dy) => [gather(dy, node.inputs[1]!, node.attributes.axis), null],
  oneHot: () => [null],
};
