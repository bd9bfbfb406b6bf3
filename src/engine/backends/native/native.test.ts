import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { load } from "../../../native/addon.ts";
import type { Backend } from "../../backend.ts";
import { EngineError } from "../../errors.ts";
import type { Node } from "../../graph.ts";
import { add, constant, conv2d, filled, input, matmul, normalise, relu, reshape, sum } from "../../operations/index.ts";
import { program } from "../../program.ts";
import { referenceBackend } from "../reference/index.ts";
import { type NativeExecutable, nativeBackend, nativeSupport } from "./index.ts";

const support = nativeSupport();
const skip = support.available ? false : `${support.reason}: npm run build:native`;

async function compileOne(backend: Backend, outputs: Parameters<typeof program>[0]["outputs"]) {
  return await backend.compile(program({ name: "one", outputs }), await backend.openState(new Map()));
}

test("a program that needs more memory than there is is refused when it is compiled", { skip }, async () => {
  const x = input("x", [1, 1]);
  const huge = matmul(matmul(filled(1, [1 << 20, 1]), x), filled(2, [1, 1 << 20]));
  await assert.rejects(
    compileOne(nativeBackend(), { y: sum(relu(huge)) }),
    (error: Error) => error instanceof EngineError && /"one".*out of memory: it needs \d+\.\d GiB/.test(error.message),
  );
});

test("an instruction that the addon does not have is refused by name, and nothing is left running", {
  skip,
}, async () => {
  const loaded = load();
  assert.ok("addon" in loaded);
  const { addon } = loaded;
  const state = addon.openState([]);
  const nothing = { threads: 1, arenaBytes: 0, constants: new Uint8Array(0), inputs: [], outputs: [] };
  const instructions = [{ op: "divine", label: "divine [1]" }];
  await assert.rejects(async () => addon.compile(state, { ...nothing, instructions }), /unknown instruction divine/);
  assert.deepEqual(await addon.run(await addon.compile(state, { ...nothing, instructions: [] }), []), []);
});

test("the same numbers come out bit for bit, with one thread and with two, in a second program as in the first", {
  skip,
}, async () => {
  const x = input("x", [4, 16, 9, 9]);
  const w = input("w", [32, 16, 3, 3]);
  const values = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * 7.3));
  const feeds = { x: values(4 * 16 * 81), w: values(32 * 16 * 9) };
  for (const threads of [1, 2]) {
    const results = [];
    for (let round = 0; round < 2; round++) {
      const executable = await compileOne(nativeBackend({ threads }), { y: relu(conv2d(x, w, { padding: 1 })) });
      results.push((await executable.run(feeds)).y!.values, (await executable.run(feeds)).y!.values);
    }
    for (const result of results) assert.deepEqual(result, results[0]);
  }
});

test("the sum of two convolutions with constant kernels and biases has both in it", { skip }, async () => {
  const x = input("x", [1, 8, 2, 2]);
  const ramp = Float32Array.from({ length: 64 }, (_, i) => i % 8);
  const biased = (kernel: Node, bias: number) =>
    add(conv2d(x, kernel), constant(new Float32Array(8).fill(bias), [1, 8, 1, 1]));
  const both = add(biased(constant(ramp, [8, 8, 1, 1]), 10), biased(filled(2, [8, 8, 1, 1]), 20));
  for (const y of [both, relu(both)]) {
    const executable = await compileOne(nativeBackend({ precision: "float32" }), { y });
    const result = await executable.run({ x: new Float32Array(32).fill(1) });
    assert.deepEqual([...result.y!.values], Array(32).fill(28 + 10 + 16 + 20));
  }
});

test("normalisation after a convolution with a bias goes into its kernel, unless the convolution is read elsewhere", {
  skip,
}, async () => {
  const numbers = (count: number, seed: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i + seed));
  const perChannel = (seed: number, least = 0) =>
    constant(
      numbers(8, seed).map((v) => Math.abs(v) + least),
      [8],
    );
  const convolved = conv2d(input("x", [2, 8, 5, 5]), constant(numbers(8 * 8 * 9, 1), [8, 8, 3, 3]), { padding: 1 });
  const biased = add(reshape(perChannel(2), [1, 8, 1, 1]), convolved);
  const y = relu(normalise(biased, perChannel(3), perChannel(4, 0.1), perChannel(5), perChannel(6), 1e-5));
  const feeds = { x: numbers(2 * 8 * 25, 7) };
  const wholes: Record<string, Node>[] = [{ y }, { y, biased }, { y, convolved }];
  for (const outputs of wholes) {
    const whole = program({ name: "normalised", outputs });
    const results = [nativeBackend({ precision: "float32" }), referenceBackend()].map(async (backend) => {
      const executable = await backend.compile(whole, await backend.openState(new Map()), { frozen: true });
      return { executable, values: (await executable.run(feeds)).y!.values };
    });
    const [native, reference] = await Promise.all(results);
    const apart = native!.values.map((value, i) => Math.abs(value - reference!.values[i]!));
    assert.ok(Math.max(...apart) < 1e-4, `${Math.max(...apart)} apart`);
    const labels = (native!.executable as NativeExecutable).profile().map(({ label }) => label);
    const isInKernel = !labels.some((label) => /sub|mul/.test(label));
    assert.equal(isInKernel, Object.keys(outputs).length === 1, labels.join(", "));
  }
});

test("a kernel that is one number everywhere convolves as any other", { skip }, async () => {
  const y = conv2d(input("x", [1, 8, 2, 2]), filled(3, [8, 8, 1, 1]));
  const executable = await compileOne(nativeBackend({ precision: "float32" }), { y });
  const result = await executable.run({ x: new Float32Array(32).fill(1) });
  assert.deepEqual([...result.y!.values], Array(32).fill(24));
});

test("a profile names what each instruction does and has its time", { skip }, async () => {
  const executable = await compileOne(nativeBackend(), {
    y: relu(conv2d(input("x", [2, 3, 8, 8]), filled(1, [4, 3, 3, 3]))),
  });
  await executable.run({ x: new Float32Array(2 * 3 * 64).fill(1) });
  const profile = (executable as NativeExecutable).profile();
  const convolution = profile.find(({ label }) => label.startsWith("conv2d"));
  assert.equal(convolution!.label, "conv2d [2,4,6,6]");
  assert.ok(convolution!.by !== "" && profile.every(({ seconds }) => seconds > 0));
});

/** A thread that trains on and on, or for some steps; it says `ready` once it has begun. */
const learner = new URL("./testing/busy-thread.ts", import.meta.url);

for (const threads of [1, 2]) {
  test(`two learners at once, ${threads} thread(s) each, both come to the figures of one alone`, { skip }, async () => {
    const steps = 20;
    const alone = await resultOf(steps, threads);
    const both = await Promise.all([resultOf(steps, threads), resultOf(steps, threads)]);
    assert.deepEqual(both, [alone, alone]);
  });
}

async function resultOf(steps: number, threads: number): Promise<number> {
  const worker = new Worker(learner, { workerData: { steps, threads } });
  return await new Promise((resolve, reject) => {
    worker.on("message", (message: unknown) => typeof message === "number" && resolve(message));
    worker.on("error", reject);
  });
}

test("threads take the emptiest lane, keep it, and leave it free when they end", { skip }, async () => {
  const takers: Worker[] = [];
  const taken = async () => {
    const worker = new Worker(new URL("./testing/lane-thread.ts", import.meta.url));
    takers.push(worker);
    return await new Promise((resolve) => worker.once("message", resolve));
  };
  const lanes = [await taken(), await taken(), await taken()];
  assert.deepEqual(lanes.toSorted(), [0, 1, 2]);
  await takers[1]!.terminate();
  assert.deepEqual(await taken(), lanes[1]);
  await Promise.all(takers.map((taker) => taker.terminate()));
});

test("a thread that is ended in the middle of a step takes nothing down with it", { skip }, async () => {
  for (let round = 0; round < 5; round++) {
    const worker = new Worker(learner, { workerData: { steps: 1_000_000, threads: 2 } });
    await new Promise((resolve) => worker.once("message", resolve));
    await worker.terminate();
  }
  const executable = await compileOne(nativeBackend(), { y: relu(input("x", [2])) });
  assert.deepEqual([...(await executable.run({ x: Float32Array.of(-1, 2) })).y!.values], [0, 2]);
});
