// Gradients of the reductions: what was summed is spread.
import type { Node, Shape } from "../graph.ts";
import { broadcastTo, div, exp, mul, reshape, sub, sum } from "../operations/index.ts";
import { indicator } from "./elementwise.ts";
import type { GradientRules } from "./rule.ts";

/** The shape of `x` with the reduced axes kept as 1. */
function keptShape(x: Node, axes: readonly number[]): Shape {
  return x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
}

export const reduceRules: GradientRules<"sum" | "max" | "logSoftmax" | "rank"> = {
  sum: (node, dy) => {
    const x = node.inputs[0]!;
    return [broadcastTo(reshape(dy, keptShape(x, node.attributes.axes)), x.shape)];
  },
  max: (node, dy) => {
    const x = node.inputs[0]!;
    const { axes } = node.attributes;
    const kept = keptShape(x, axes);
    const winners = indicator(x, broadcastTo(reshape(node as Node, kept), x.shape));
    const shared = div(winners, sum(winners, { axes, keepDims: true }));
    return [mul(shared, reshape(dy, kept))];
  },
  rank: () => [null],
  logSoftmax: (node, dy) => [sub(dy, mul(exp(node as Node), sum(dy, { axes: [-1], keepDims: true })))],
};
