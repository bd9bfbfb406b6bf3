// Weight gradients of shapes that are worked on piece by piece. All numbers are small integers, which bfloat16 holds and float32
// adds without rounding: so both precisions, and any number of threads, must come to the very same figures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, type Random } from "../../../core/random.ts";
import { type Shape, sizeOf } from "../../graph.ts";
import { type ConvOptions, conv2dWeightGradient, input } from "../../operations/index.ts";
import { convOutputSize, windowOf } from "../../operations/linear.ts";
import { program } from "../../program.ts";
import { type NativeOptions, nativeBackend, nativeSupport } from "./index.ts";

const support = nativeSupport();
const skip = support.available ? false : `${support.reason}: npm run build:native`;

interface Layer {
  readonly name: string;
  /** [batch, in, height, width] */
  readonly x: Shape;
  /** [out, in, height, width] */
  readonly w: Shape;
  readonly options: ConvOptions;
}

const layers: readonly Layer[] = [
  { name: "more pictures than threads", x: [37, 17, 5, 5], w: [33, 17, 3, 3], options: { padding: 1 } },
  { name: "bands of large pictures", x: [2, 48, 61, 67], w: [17, 48, 3, 3], options: { padding: 1 } },
  { name: "bands, stride 2", x: [2, 33, 90, 91], w: [20, 33, 3, 3], options: { stride: 2, padding: 1 } },
  { name: "one long row", x: [1, 20, 2, 5000], w: [18, 20, 1, 3], options: {} },
  { name: "many channels of one pixel", x: [40, 130, 1, 1], w: [260, 130, 1, 1], options: {} },
  { name: "a large kernel", x: [3, 200, 4, 4], w: [300, 200, 3, 3], options: { padding: 1 } },
  {
    name: "a wide kernel, stride 3 by 2",
    x: [5, 3, 40, 41],
    w: [24, 3, 7, 7],
    options: { stride: [3, 2], padding: 3 },
  },
  { name: "dilation 6", x: [2, 40, 19, 19], w: [24, 40, 3, 3], options: { dilation: 6, padding: 6 } },
];

function integers(shape: Shape, random: Random): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, () => random.integer(5) - 2);
}

async function weightGradient({ name, x, w, options }: Layer, native: NativeOptions): Promise<ArrayLike<number>> {
  const window = windowOf(options);
  const [size, kernel] = [[x[2]!, x[3]!] as const, [w[2]!, w[3]!] as const];
  const y = [x[0]!, w[0]!, ...convOutputSize(name, size, kernel, window)];
  const gradient = conv2dWeightGradient(input("x", x), input("y", y), window, kernel);
  const backend = nativeBackend(native);
  const state = await backend.openState(new Map());
  const executable = await backend.compile(program({ name, outputs: { gradient } }), state);
  const random = createRandom(0, name);
  const { gradient: found } = await executable.run({ x: integers(x, random), y: integers(y, random) });
  await executable.close();
  return found!.values;
}

for (const layer of layers) {
  test(`the weight gradient is exact: ${layer.name}`, { skip }, async () => {
    const expected = await weightGradient(layer, { threads: 1, precision: "float32" });
    for (const threads of [1, 2, 5]) {
      const found = await weightGradient(layer, { threads, precision: "bfloat16" });
      const wrong = Array.from(found, (value, i) => (value === expected[i] ? -1 : i)).filter((i) => i >= 0);
      const first = wrong.map((i) => `${i}: ${found[i]} for ${expected[i]}`)[0];
      assert.equal(wrong.length, 0, `${threads} threads: ${wrong.length} of ${found.length} are wrong, first ${first}`);
    }
  });
}
