// Stochastic gradient descent with momentum, RMSprop, and the moving average of weights, as state updates.
import { add, div, gradients, mul, type Node, sqrt, square, state, sub } from "../engine/index.ts";
import type { BuiltModel, ModelEntry } from "./builder.ts";
import { fill } from "./initialise.ts";

export interface SgdOptions {
  /** Scalar node. */
  readonly learningRate: Node;
  readonly momentum: number;
  readonly nesterov: boolean;
  /** L2 penalty on every learned parameter, added to its gradient. */
  readonly weightDecay: number;
}

export interface RmspropOptions {
  /** Scalar node. */
  readonly learningRate: Node;
  /** Share of the old mean square at every step; 0.99 is customary. */
  readonly smoothing: number;
  /** L2 penalty on every learned parameter, added to its gradient. */
  readonly weightDecay: number;
}

/** State names of what an optimiser keeps for a parameter (velocity or mean square), and of averages, lie under these prefixes. */
export const momentumPrefix = "momentum/";
export const averagePrefix = "average/";

export interface Step {
  readonly updates: ReadonlyMap<string, Node>;
  /** State that the updates need beside the model's own. */
  readonly entries: ReadonlyMap<string, ModelEntry>;
}

/**
 * One step down the gradient of `loss` for every learned parameter, as PyTorch does it:
 * v = momentum * v + (g + weightDecay * w);  w = w - learningRate * (nesterov ? g + momentum * v : v).
 * The buffers' updates are passed through.
 */
export function sgdStep(loss: Node, model: BuiltModel, options: SgdOptions): Step {
  const { learningRate, momentum, nesterov } = options;
  return stepped(loss, model, options.weightDecay, (gradient, kept) => {
    const velocity = add(mul(kept, momentum), gradient);
    const direction = nesterov ? add(gradient, mul(velocity, momentum)) : velocity;
    return { kept: velocity, change: mul(direction, learningRate) };
  });
}

/** Keeps a step finite where a gradient was always 0. */
const leastRoot = 1e-8;

/**
 * One step of RMSprop (Tieleman & Hinton 2012) for every learned parameter, as PyTorch does it:
 * s = smoothing * s + (1 - smoothing) * g^2;  w = w - learningRate * g / (sqrt(s) + 1e-8).
 * How large the loss is hardly matters: of use where it is tiny, as that of heat maps is. The buffers' updates are passed
 * through.
 */
export function rmspropStep(loss: Node, model: BuiltModel, options: RmspropOptions): Step {
  const { learningRate, smoothing } = options;
  return stepped(loss, model, options.weightDecay, (gradient, kept) => {
    const squares = add(mul(kept, smoothing), mul(square(gradient), 1 - smoothing));
    return { kept: squares, change: mul(div(gradient, add(sqrt(squares), leastRoot)), learningRate) };
  });
}

/** What a rule makes of a parameter's gradient and of what it keeps for it, which is 0 at first. */
type Rule = (gradient: Node, kept: Node) => { readonly kept: Node; readonly change: Node };

function stepped(loss: Node, model: BuiltModel, weightDecay: number, rule: Rule): Step {
  const learned = [...model.entries].filter(([, entry]) => entry.learned);
  const weights = learned.map(([name]) => model.nodes.get(name)!);
  const slopes = gradients(loss, weights);
  const updates = new Map(model.updates);
  const entries = new Map<string, ModelEntry>();
  learned.forEach(([name, { shape }], i) => {
    const weight = weights[i]!;
    const decayed = weightDecay === 0 ? slopes[i]! : add(slopes[i]!, mul(weight, weightDecay));
    const { kept, change } = rule(decayed, state(momentumPrefix + name, shape));
    updates.set(momentumPrefix + name, kept);
    updates.set(name, sub(weight, change));
    entries.set(momentumPrefix + name, { shape, initialise: fill(0), learned: false });
  });
  return { updates, entries };
}

/** Adds a moving average of everything the model has: average = decay * average + (1 - decay) * new value. */
export function withAverage(step: Step, model: BuiltModel, decay: Node): Step {
  const updates = new Map(step.updates);
  const entries = new Map(step.entries);
  for (const [name, entry] of model.entries) {
    const average = state(averagePrefix + name, entry.shape);
    const value = step.updates.get(name) ?? model.nodes.get(name)!;
    updates.set(averagePrefix + name, add(value, mul(sub(average, value), decay)));
    entries.set(averagePrefix + name, { ...entry, learned: false });
  }
  return { updates, entries };
}
