// The loss prediction module of Yoo & Kweon, "Learning Loss for Active Learning" (CVPR 2019, section 3.2), and the losses
// it can be trained with. It foresees the loss of an item from the feature maps of the model it sits beside.
import {
  add,
  concat,
  div,
  greater,
  log,
  logSoftmax,
  maximum,
  mean,
  mul,
  type Node,
  relu,
  reshape,
  select,
  sliceAxis,
  square,
  stopGradient,
  sub,
  sum,
} from "../engine/index.ts";
import type { ModelBuilder } from "../nn/builder.ts";
import { linear } from "../nn/layers.ts";

export interface LossPredictionOptions {
  /** Width of the layer after each map; 128 in the paper. */
  readonly hidden?: number;
  /** Scalar node: 1 lets the module's gradient into the maps, 0 keeps it out. Without it nothing flows in. */
  readonly gradientShare?: Node;
}

/** Predicted loss [batch] from feature maps [batch, channels, height, width]: per map pool, FC, relu; together one FC. */
export function predictLoss(b: ModelBuilder, maps: readonly Node[], options: LossPredictionOptions = {}): Node {
  const { hidden = 128, gradientShare } = options;
  const module = b.in("loss_prediction");
  const parts = maps.map((map, i) => {
    const pooled = mean(map, { axes: [2, 3] });
    return relu(linear(module.in(`maps.${i}`), gate(pooled, gradientShare), hidden));
  });
  return reshape(linear(module.in("last"), concat(parts, 1), 1), [-1]);
}

/** `x` with its gradient multiplied by `share`. */
function gate(x: Node, share: Node | undefined): Node {
  const constant = stopGradient(x);
  return share === undefined ? constant : add(constant, mul(sub(x, constant), share));
}

export type PairLoss = "ranking" | "mse" | "kl";

export interface ModuleLossOptions {
  readonly kind: PairLoss;
  /** Margin xi of the ranking loss. */
  readonly margin: number;
}

/**
 * The module's loss, a scalar: mean over the pairs (i, i + batch / 2), which are disjoint and, since batches are drawn at
 * random, random. `actual` losses are constants. Items of weight 0 are padding: a pair with one counts nothing.
 */
export function modulePairLoss(predicted: Node, actual: Node, weights: Node, options: ModuleLossOptions): Node {
  const truth = stopGradient(actual);
  if (options.kind === "mse") return weightedMean(square(sub(predicted, truth)), weights);
  const [first, second] = halves(predicted);
  const [trueFirst, trueSecond] = halves(truth);
  const [weightFirst, weightSecond] = halves(weights);
  const losses =
    options.kind === "ranking"
      ? rankingLoss(sub(first, second), greater(trueFirst, trueSecond), options.margin)
      : divergence(first, second, trueFirst, trueSecond);
  return weightedMean(losses, mul(weightFirst, weightSecond));
}

/** max(0, -s * (difference of predictions) + margin), s = +1 where the first truly is larger, else -1 (eq. 2 of the paper). */
function rankingLoss(difference: Node, firstIsLarger: Node, margin: number): Node {
  return relu(sub(margin, mul(select(firstIsLarger, 1, -1), difference)));
}

/** Losses below this count as this in the ratio of two losses, so that 0 beside 0 is even. */
const leastLoss = 1e-7;

/**
 * Kullback-Leibler divergence of softmax(predictions) from the ratio of the true losses, p = l_i / (l_i + l_j)
 * (Shukla & Ahmed, "A Mathematical Analysis of Learning Loss for Active Learning in Regression", CVPR workshops 2021).
 */
function divergence(first: Node, second: Node, trueFirst: Node, trueSecond: Node): Node {
  const pair = (a: Node, b: Node) => concat([reshape(a, [-1, 1]), reshape(b, [-1, 1])], 1);
  const losses = maximum(pair(trueFirst, trueSecond), leastLoss);
  const share = div(losses, sum(losses, { axes: [1], keepDims: true }));
  return sum(mul(share, sub(log(share), logSoftmax(pair(first, second)))), { axes: [1] });
}

function halves(x: Node): [Node, Node] {
  const half = x.shape[0]! / 2;
  return [sliceAxis(x, 0, 0, half), sliceAxis(x, 0, half, 2 * half)];
}

/** Mean of `values` by `weights`, 0 when all weights are 0. */
export function weightedMean(values: Node, weights: Node): Node {
  return div(sum(mul(values, weights)), maximum(sum(weights), 1));
}
