// The part of the contract about whole programs: a small net trained for some steps and then scored must have the numbers
// of `reference`, state and running statistics included.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../../core/random.ts";
import { gradients } from "../autodiff.ts";
import type { Backend, Feeds, StateEntry } from "../backend.ts";
import { referenceBackend } from "../backends/reference/index.ts";
import { momentOf } from "../gradients/pictures.ts";
import { type Node, type Shape, sizeOf } from "../graph.ts";
import {
  add,
  batchMoments,
  cast,
  conv2d,
  div,
  input,
  logSoftmax,
  matmul,
  maxPool,
  mean,
  mul,
  neg,
  normalise,
  oneHot,
  relu,
  state,
  sub,
  sum,
} from "../operations/index.ts";
import { type Program, program } from "../program.ts";
import { relativeError } from "./compare.ts";

const [batch, classes, side] = [6, 5, 9];
const shapes: Readonly<Record<string, Shape>> = {
  stem: [4, 3, 3, 3],
  "stem.scale": [4],
  "stem.shift": [4],
  "stem.mean": [4],
  "stem.variance": [4],
  body: [16, 4, 3, 3],
  deep: [16, 16, 3, 3],
  shortcut: [16, 4, 1, 1],
  weight: [classes, 16],
  bias: [classes],
};
const statistics = ["stem.mean", "stem.variance"];
const parameters = Object.keys(shapes).filter((name) => !statistics.includes(name));

const entryOf = (name: string) => state(name, shapes[name]!);
const share = 0.1;

/** A stem with batch normalisation, one residual block and a classifier; new running statistics when training. */
function net(training: boolean): { readonly logits: Node; readonly updates: Map<string, Node> } {
  const pictures = sub(div(cast(input("pictures", [batch, 3, side, side], "uint8"), "float32"), 128), 1);
  const stem = conv2d(pictures, entryOf("stem"), { padding: 1 });
  const [oldMean, oldVariance] = statistics.map(entryOf) as [Node, Node];
  const moments = batchMoments(stem);
  const [newMean, newVariance] = [momentOf(moments, 0), momentOf(moments, 1)];
  const [by, spread] = training ? [newMean, newVariance] : [oldMean, oldVariance];
  const x = maxPool(relu(normalise(stem, by, spread, entryOf("stem.scale"), entryOf("stem.shift"), 1e-5)), {
    kernel: 3,
    stride: 2,
    padding: 1,
  });
  const inner = relu(conv2d(x, entryOf("body"), { stride: 2, padding: 1 }));
  const deep = conv2d(inner, entryOf("deep"), { padding: 1 });
  const joined = relu(add(deep, conv2d(x, entryOf("shortcut"), { stride: 2 })));
  const pooled = mean(joined, { axes: [2, 3] });
  const logits = add(matmul(pooled, entryOf("weight"), { transposeB: true }), entryOf("bias"));
  const follow = (old: Node, now: Node) => add(mul(old, 1 - share), mul(now, share));
  const updates = new Map([
    ["stem.mean", follow(oldMean, newMean)],
    ["stem.variance", follow(oldVariance, newVariance)],
  ]);
  return { logits, updates };
}

/** Gradient descent with momentum and weight decay on the cross-entropy. */
function training(): Program {
  const { logits, updates } = net(true);
  const labels = oneHot(input("labels", [batch], "int32"), classes);
  const losses = neg(sum(mul(logSoftmax(logits), labels), { axes: [1] }));
  const weights = parameters.map(entryOf);
  gradients(mean(losses), weights).forEach((gradient, i) => {
    const name = parameters[i]!;
    const moved = add(mul(state(`${name}.momentum`, shapes[name]!), 0.9), add(gradient, mul(weights[i]!, 1e-3)));
    updates.set(`${name}.momentum`, moved);
    updates.set(name, sub(weights[i]!, mul(input("rate", []), moved)));
  });
  return program({ name: "train", outputs: { losses, logits }, updates });
}

function scoring(): Program {
  const { logits } = net(false);
  return program({ name: "score", outputs: { probabilities: logSoftmax(logits) } });
}

function initialState(): Map<string, StateEntry> {
  const drawn = Object.entries(shapes).map(([name, shape]) => {
    const random = createRandom(1, name);
    const spread = Math.sqrt(2 / Math.max(1, sizeOf(shape.slice(1))));
    const values = Float32Array.from({ length: sizeOf(shape) }, () => random.normal() * spread);
    if (name === "stem.variance" || name === "stem.scale") values.fill(1);
    return [name, { shape, values }] as const;
  });
  const momenta = parameters.map((name) => {
    const shape = shapes[name]!;
    return [`${name}.momentum`, { shape, values: new Float32Array(sizeOf(shape)) }] as const;
  });
  return new Map([...drawn, ...momenta]);
}

function batchOf(number: number): Feeds {
  const random = createRandom(1, "batch", number);
  return {
    pictures: Uint8Array.from({ length: batch * 3 * side * side }, () => random.integer(256)),
    labels: Int32Array.from({ length: batch }, () => random.integer(classes)),
    rate: Float32Array.of(0.1),
  };
}

const score = ({ pictures }: Feeds): Feeds => ({ pictures: pictures! });
const steps = 4;

/** Losses, final state and scores (also by a frozen program) of some steps. */
async function trained(backend: Backend): Promise<Map<string, Float32Array>> {
  const held = await backend.openState(initialState());
  const seen = new Map<string, Float32Array>();
  const note = (name: string, values: unknown) => seen.set(name, values as Float32Array);
  const train = await backend.compile(training(), held);
  for (let number = 0; number < steps; number++) {
    note(`losses of step ${number}`, (await train.run(batchOf(number))).losses!.values);
  }
  for (const frozen of [false, true]) {
    const executable = await backend.compile(scoring(), held, { frozen });
    const { probabilities } = await executable.run(score(batchOf(steps)));
    note(frozen ? "scores, frozen" : "scores", probabilities!.values);
    await executable.close();
  }
  await train.close();
  for (const name of held.names) note(name, (await held.read(name)).values);
  await held.close();
  return seen;
}

/** Rounding grows over the steps, and a unit near 0 may fall on the other side of its kink: hence a `tolerance`. */
export function describeNets(backend: Backend, tolerance: number): void {
  describe("a small net", () => {
    it("has the losses, the state and the scores of the reference after some steps of training", async () => {
      const [actual, expected] = await Promise.all([trained(backend), trained(referenceBackend())]);
      assert.deepEqual([...actual.keys()], [...expected.keys()]);
      for (const [name, values] of expected) {
        const error = relativeError(actual.get(name)!, values);
        assert.ok(error <= tolerance, `${name}: error ${error}`);
      }
    });

    it("gives the same numbers bit for bit when it is trained again", async () => {
      assert.deepEqual(await trained(backend), await trained(backend));
    });
  });
}
