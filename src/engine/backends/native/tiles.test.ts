// Convolutions of shapes that are worked on piece by piece. All numbers are small integers, which bfloat16 holds and float32 adds
// without rounding: so both precisions, and any number of threads, must come to the very same figures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, type Random } from "../../../core/random.ts";
import { type Node, type Shape, sizeOf } from "../../graph.ts";
import { type ConvOptions, conv2d, conv2dInputGradient, conv2dWeightGradient, input } from "../../operations/index.ts";
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
  { name: "many channels of few pixels", x: [3, 200, 4, 4], w: [300, 200, 3, 3], options: { padding: 1 } },
  { name: "many channels, odd numbers", x: [19, 259, 7, 5], w: [67, 259, 3, 3], options: { padding: 1 } },
  { name: "many channels, bands", x: [2, 256, 34, 37], w: [64, 256, 3, 3], options: { padding: [0, 1, 2, 1] } },
  { name: "many channels, dilation 2", x: [5, 257, 9, 9], w: [65, 257, 3, 3], options: { dilation: 2, padding: 2 } },
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

/** The convolution and its two gradients, each of inputs of its own. */
function outputsOf({ name, x, w, options }: Layer): Record<"result" | "inputGradient" | "weightGradient", Node> {
  const window = windowOf(options);
  const [size, kernel] = [[x[2]!, x[3]!] as const, [w[2]!, w[3]!] as const];
  const y = [x[0]!, w[0]!, ...convOutputSize(name, size, kernel, window)];
  return {
    result: conv2d(input("x", x), input("w", w), options),
    inputGradient: conv2dInputGradient(input("y", y), input("w", w), window, size),
    weightGradient: conv2dWeightGradient(input("x", x), input("y", y), window, kernel),
  };
}

async function resultsOf(layer: Layer, native: NativeOptions): Promise<Record<string, Float32Array>> {
  const backend = nativeBackend(native);
  const whole = program({ name: layer.name, outputs: outputsOf(layer) });
  const executable = await backend.compile(whole, await backend.openState(new Map()));
  const random = createRandom(0, layer.name);
  const feeds = Object.fromEntries([...whole.inputs].map(([name, { shape }]) => [name, integers(shape, random)]));
  const results = await executable.run(feeds);
  await executable.close();
  return Object.fromEntries(Object.entries(results).map(([name, { values }]) => [name, values as Float32Array]));
}

/** To the nearest number of bfloat16, to the even one where two are as near. */
function rounded(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.slice().buffer);
  return new Float32Array(bits.map((n) => (n + 0x7fff + ((n >>> 16) & 1)) & 0xffff0000).buffer);
}

/** Of long lists a comparison that says where they differ takes minutes. */
function assertEqual(found: Float32Array, expected: Float32Array, what: string): void {
  const wrong = Array.from(found.keys()).filter((i) => found[i] !== expected[i]);
  const first = wrong.slice(0, 1).map((i) => `number ${i} is ${found[i]} for ${expected[i]}`);
  assert.equal(wrong.length, 0, `${what}: ${wrong.length} of ${found.length} are wrong; ${first}`);
}

for (const layer of layers) {
  test(`a convolution and its gradients are exact in bfloat16: ${layer.name}`, { skip }, async () => {
    const expected = await resultsOf(layer, { threads: 1, precision: "float32" });
    for (const threads of [1, 2, 5]) {
      const found = await resultsOf(layer, { threads, precision: "bfloat16" });
      const on = `on ${threads} threads`;
      assertEqual(found.weightGradient!, expected.weightGradient!, `weight gradient ${on}`);
      assertEqual(found.result!, rounded(expected.result!), `result ${on}`);
      assertEqual(found.inputGradient!, rounded(expected.inputGradient!), `input gradient ${on}`);
    }
  });
}
