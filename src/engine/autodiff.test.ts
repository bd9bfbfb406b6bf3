// Gradients by hand: how they add up, where they stop, and what the piecewise operations do on their kinks.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gradients } from "./autodiff.ts";
import { evaluate } from "./backends/reference/index.ts";
import { ShapeError } from "./errors.ts";
import { type Node, sizeOf } from "./graph.ts";
import {
  add,
  cast,
  exp,
  gather,
  input,
  max,
  maximum,
  maxPool,
  minimum,
  mul,
  relu,
  step,
  stopGradient,
  sum,
} from "./operations/index.ts";

type Values = Readonly<Record<string, readonly number[]>>;

/** Gradients of `loss` with respect to `wrt` as plain numbers. */
function numbers(loss: Node, wrt: readonly Node[], inputs: Values): number[][] {
  return evaluate(gradients(loss, wrt), { inputs }).map((values) => [...values]);
}

const [x, y] = [input("x", [3]), input("y", [3])];
const values: Values = { x: [1, -2, 3], y: [4, 5, -6] };

describe("gradients", () => {
  it("of a node that is used twice add up", () => {
    assert.deepEqual(numbers(mul(x, x), [x], values), [[2, -4, 6]]);
    assert.deepEqual(numbers(add(mul(x, y), mul(x, 10)), [x, y], values), [
      [14, 15, 4],
      [1, -2, 3],
    ]);
  });

  it("of an inner node are those of what is computed from it", () => {
    const inner = mul(x, y);
    assert.deepEqual(numbers(mul(inner, inner), [inner, x], values), [
      [8, -20, -36],
      [32, -100, 216],
    ]);
  });

  it("of a loss with respect to itself are ones, and a loss of several elements is summed", () => {
    assert.deepEqual(numbers(x, [x], values), [[1, 1, 1]]);
    assert.deepEqual(numbers(mul(x, 3), [x], values), numbers(sum(mul(x, 3)), [x], values));
  });

  it("do not flow through stopGradient, but past it", () => {
    assert.deepEqual(numbers(stopGradient(mul(x, y)), [x, y], values), [
      [0, 0, 0],
      [0, 0, 0],
    ]);
    assert.deepEqual(numbers(mul(stopGradient(x), x), [x], values), [[1, -2, 3]]);
  });

  it("with respect to what is stopped are those of what follows", () => {
    const held = stopGradient(x);
    assert.deepEqual(numbers(mul(held, y), [held, x], values), [
      [4, 5, -6],
      [0, 0, 0],
    ]);
  });

  it("with respect to what the loss does not depend on are zeros of its shape", () => {
    const other = input("other", [2, 2]);
    const [gradient] = gradients(sum(x), [other]);
    assert.deepEqual(gradient!.shape, [2, 2]);
    assert.deepEqual(numbers(sum(x), [other], values), [[0, 0, 0, 0]]);
  });

  it("are zeros behind a step or an integer", () => {
    assert.deepEqual(numbers(mul(step(x), cast(cast(x, "int32"), "float32")), [x], values), [[0, 0, 0]]);
  });

  it("of what was broadcast are sums", () => {
    const [column, row] = [input("column", [2, 1]), input("row", [3])];
    const loss = mul(column, row);
    assert.deepEqual(numbers(loss, [column, row], { column: [1, 2], row: [3, 4, 5] }), [
      [12, 12],
      [3, 3, 3],
    ]);
  });

  it("of an entry that is gathered several times add up", () => {
    const at = input("at", [4], "int32");
    assert.deepEqual(
      numbers(mul(gather(x, at), input("w", [4])), [x], { ...values, at: [2, 0, 2, 2], w: [1, 10, 100, 1000] }),
      [[10, 0, 1101]],
    );
  });

  it("come from a chain of ten thousand operations without an overflow of the stack", () => {
    const end = Array.from({ length: 10_000 }).reduce<Node>((node) => add(node, 1), x);
    assert.deepEqual(numbers(end, [x], values), [[1, 1, 1]]);
  });

  it("are refused for a loss that is no float32", () => {
    assert.throws(() => gradients(cast(x, "int32"), [x]), ShapeError);
  });
});

describe("on a kink", () => {
  it("relu has the gradient 0 at 0", () => {
    assert.deepEqual(numbers(relu(x), [x], { x: [-1, 0, 1] }), [[0, 0, 1]]);
  });

  for (const operation of [maximum, minimum]) {
    it(`${operation.name} gives the gradient of equal operands to the first`, () => {
      assert.deepEqual(numbers(operation(x, y), [x, y], { x: [2, 2, 2], y: [2, 2, 2] }), [
        [1, 1, 1],
        [0, 0, 0],
      ]);
    });
  }

  it("max shares its gradient evenly among the largest", () => {
    const rows = input("rows", [2, 4]);
    const loss = mul(max(rows, { axes: [1] }), input("w", [2]));
    assert.deepEqual(numbers(loss, [rows], { rows: [1, 5, 5, 0, 7, 7, 7, 7], w: [1, 2] }), [
      [0, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5],
    ]);
  });

  it("maxPool gives its gradient to the first of the largest in row order, once for each window", () => {
    const pictures = input("pictures", [1, 1, 3, 4]);
    const loss = maxPool(pictures, { kernel: 2, stride: 1 });
    const equal = { pictures: new Array(sizeOf(pictures.shape)).fill(3) };
    assert.deepEqual(numbers(loss, [pictures], equal), [[1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0]]);
    const some = { pictures: [0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0] };
    assert.deepEqual(numbers(loss, [pictures], some), [[0, 2, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0]]);
  });
});

describe("a gradient is a graph", () => {
  it("that can be differentiated again", () => {
    const [first] = gradients(exp(mul(x, 2)), [x]);
    const [second] = gradients(first!, [x]);
    assert.deepEqual(numbers(exp(mul(x, 2)), [x], { x: [0, 0, 0] }), [[2, 2, 2]]);
    assert.deepEqual([...evaluate([second!], { inputs: { x: [0, 0, 0] } })[0]!], [4, 4, 4]);
  });
});
