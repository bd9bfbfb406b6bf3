// Gradients against central finite differences, in float64: of every case of the contract away from kinks, and of
// gradients themselves.
import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { createRandom, sampleWithoutReplacement } from "../../core/random.ts";
import { gradients } from "../autodiff.ts";
import { evaluate, type Leaves } from "../backends/reference/index.ts";
import { ShapeError } from "../errors.ts";
import type { Node } from "../graph.ts";
import { add, conv2d, exp, input, maxPool, mul, square, stopGradient, sum, tanh } from "../operations/index.ts";
import { buildCase, leavesOf } from "./case.ts";
import { allCases } from "./cases/index.ts";
import { relativeError } from "./compare.ts";

const width = 1e-5;
const tolerance = 1e-5;
const mostElements = 12;

/** How the values of leaves are moved: by `direction[i]` of `leaves[i]`, times the width of the difference. */
type Direction = ReadonlyMap<Node, ArrayLike<number>>;

function moved(leaves: Leaves, direction: Direction, by: number): Leaves {
  const [inputs, state] = [{ ...leaves.inputs }, { ...leaves.state }];
  for (const [leaf, shift] of direction) {
    if (leaf.op !== "input" && leaf.op !== "state") throw new Error(`${leaf.op} is no leaf that can be moved`);
    const values = leaf.op === "input" ? inputs : state;
    const { name } = leaf.attributes;
    values[name] = Float64Array.from(values[name]!, (value, i) => value + by * shift[i]!);
  }
  return { inputs, state };
}

/** Slope of `loss` along a direction. */
function slope(loss: Node, leaves: Leaves, direction: Direction): number {
  const at = (by: number) => evaluate([loss], moved(leaves, direction, by))[0]![0]!;
  return (at(width) - at(-width)) / (2 * width);
}

/** Checks gradients of some elements of each of `wrt` one by one, and of all elements along one random direction. */
function assertGradients(loss: Node, wrt: readonly Node[], leaves: Leaves): void {
  const random = createRandom(1, "directions");
  const analytic = evaluate(gradients(loss, wrt), leaves);
  wrt.forEach((leaf, i) => {
    const count = analytic[i]!.length;
    const sample = [...sampleWithoutReplacement(count, Math.min(count, mostElements), random)];
    const numeric = sample.map((at) => slope(loss, leaves, new Map([[leaf, unit(count, at)]])));
    const expected = sample.map((at) => analytic[i]![at]!);
    assertClose(numeric, expected, `elements ${sample} of ${leaf.op} ${i}`);
  });
  // Every element moves the way its gradient points, so that nothing cancels.
  const direction = new Map(
    wrt.map((leaf, i) => [leaf, analytic[i]!.map((g) => (Math.sign(g) || 1) * (0.5 + random.next()))] as const),
  );
  const products = wrt.flatMap((leaf, i) => Array.from(direction.get(leaf)!, (shift, at) => shift * analytic[i]![at]!));
  const along = products.reduce((a, b) => a + b, 0);
  assertClose([slope(loss, leaves, direction)], [along], "all elements along one direction");
}

function assertClose(numeric: readonly number[], analytic: readonly number[], what: string): void {
  const error = relativeError(analytic, numeric);
  assert.ok(error <= tolerance, `${what}: error ${error}; autodiff ${analytic}, finite differences ${numeric}`);
}

function unit(count: number, at: number): Float64Array {
  const direction = new Float64Array(count);
  direction[at] = 1;
  return direction;
}

describe("the gradient by autodiff is the one by finite differences", () => {
  for (const { op, case: one, title } of allCases) {
    const built = buildCase(op, one);
    if (built.floatInputs.length === 0 || one.gradient !== undefined) continue;
    it(`of ${title}`, () => assertGradients(built.loss, built.floatInputs, leavesOf(built)));
  }
});

/** Leaves and values drawn from the standard normal distribution. */
function drawn(shapes: Readonly<Record<string, readonly number[]>>): { nodes: Node[]; leaves: Leaves } {
  const random = createRandom(2, "drawn");
  const nodes = Object.entries(shapes).map(([name, shape]) => input(name, shape));
  const values = nodes.map(({ shape }) =>
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, random.normal),
  );
  return { nodes, leaves: { inputs: Object.fromEntries(Object.keys(shapes).map((name, i) => [name, values[i]!])) } };
}

describe("the gradient of a gradient", () => {
  const windows = [
    { stride: 1, padding: 1 },
    { stride: 2, padding: [0, 1, 2, 1] },
    { stride: [1, 2], padding: 1, dilation: 2 },
  ] as const;
  for (const options of windows) {
    it(`of conv2d is right with ${JSON.stringify(options)}`, () => {
      const { nodes, leaves } = drawn({ x: [2, 2, 6, 7], w: [3, 2, 3, 3] });
      const first = gradients(sum(tanh(conv2d(nodes[0]!, nodes[1]!, options))), nodes);
      const loss = first.map((gradient) => sum(square(gradient))).reduce((a, b) => mul(a, b));
      assertGradients(loss, nodes, leaves);
    });
  }

  it("of a product of exponentials is right", () => {
    const { nodes, leaves } = drawn({ a: [3, 1], b: [4] });
    const [da, db] = gradients(exp(mul(nodes[0]!, nodes[1]!)), nodes) as [Node, Node];
    assertGradients(mul(sum(square(da)), sum(square(db))), nodes, leaves);
  });

  it("of max pooling is refused", () => {
    const x = input("x", [1, 1, 4, 4]);
    const [dx] = gradients(square(maxPool(x, { kernel: 2 })), [x]) as [Node];
    assert.throws(() => gradients(dx, [x]), ShapeError);
  });
});

test("a gradient that is wrong by a hundredth is found", () => {
  const { nodes, leaves } = drawn({ x: [5] });
  const [x] = nodes as [Node];
  const right = square(x);
  // The value is x^2, the gradient that autodiff sees 2.02 x.
  const wrong = add(mul(right, 1.01), stopGradient(mul(right, -0.01)));
  assert.throws(() => assertGradients(sum(wrong), [x], leaves));
  assertGradients(sum(right), [x], leaves);
});
