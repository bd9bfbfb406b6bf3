// Stochastic gradient descent with momentum and weight decay, and the moving average of weights, as state updates.
import { add, gradients, mul, type Node, state, sub } from "../engine/index.ts";
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

/** State names of momentum and averages lie under these prefixes. */
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
  const learned = [...model.entries].filter(([, entry]) => entry.learned);
  const weights = learned.map(([name]) => model.nodes.get(name)!);
  const slopes = gradients(loss, weights);
  const updates = new Map(model.updates);
  const entries = new Map<string, ModelEntry>();
  learned.forEach(([name, { shape }], i) => {
    const weight = weights[i]!;
    const decayed = options.weightDecay === 0 ? slopes[i]! : add(slopes[i]!, mul(weight, options.weightDecay));
    const velocity = add(mul(state(momentumPrefix + name, shape), options.momentum), decayed);
    const direction = options.nesterov ? add(decayed, mul(velocity, options.momentum)) : velocity;
    updates.set(momentumPrefix + name, velocity);
    updates.set(name, sub(weight, mul(direction, options.learningRate)));
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
