import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, permutation } from "../core/random.ts";
import { rankingAccuracy } from "../core/statistics.ts";
import { referenceBackend } from "../engine/backends/reference/index.ts";
import { input, program, type StateEntry } from "../engine/index.ts";
import { createBuilder, type ModelEntry } from "../nn/builder.ts";
import { sgdStep } from "../nn/optimiser.ts";
import { modulePairLoss, predictLoss } from "./loss-prediction.ts";

const [batch, channels, side] = [16, 3, 2];

/** The module on one map, fed as it is. */
function buildModule() {
  const model = createBuilder("train");
  const maps = [input("map", [batch, channels, side, side])];
  return { model, predicted: predictLoss(model.builder, maps, { hidden: 16 }) };
}

function startValues(entries: Iterable<[string, ModelEntry]>): Map<string, StateEntry> {
  const random = createRandom(3, "init");
  return new Map(
    Array.from(entries, ([name, { shape, initialise }]) => [
      name,
      { shape, values: initialise(shape, random.stream(name)) },
    ]),
  );
}

/** Maps of a batch of items, and the loss each is said to have: the larger of two things one can see in its map. */
function drawItems(seed: number) {
  const random = createRandom(seed, "items");
  const map = Float32Array.from({ length: batch * channels * side * side }, () => random.normal());
  const channelMean = (item: number, channel: number) => {
    const start = (item * channels + channel) * side * side;
    return map.subarray(start, start + side * side).reduce((sum, value) => sum + value, 0) / side ** 2;
  };
  const loss = Float32Array.from({ length: batch }, (_, item) => Math.max(channelMean(item, 0), channelMean(item, 2)));
  return { map, loss };
}

test("the predicted losses are moved along when the items of a batch are", async () => {
  const { model, predicted } = buildModule();
  const backend = referenceBackend();
  const state = await backend.openState(startValues(model.entries));
  const executable = await backend.compile(program({ name: "predict", outputs: { predicted } }), state);
  const { map } = drawItems(0);
  const order = permutation(batch, createRandom(1));
  const size = channels * side * side;
  const moved = Float32Array.from(map, (_, at) => map[order[Math.floor(at / size)]! * size + (at % size)]!);
  const before = (await executable.run({ map })).predicted!.values;
  const after = (await executable.run({ map: moved })).predicted!.values;
  assert.ok(new Set(before).size > batch / 2);
  assert.deepEqual(
    [...after],
    Array.from(order, (item) => before[item]),
  );
});

for (const kind of ["ranking", "mse", "kl"] as const) {
  test(`trained with the ${kind} loss on items of known loss, the module puts nearly all pairs of new ones in order`, async () => {
    const { model, predicted } = buildModule();
    const loss = modulePairLoss(predicted, input("loss", [batch]), input("weights", [batch]), { kind, margin: 1 });
    const sgd = { learningRate: input("learningRate", []), momentum: 0.9, nesterov: false, weightDecay: 0 };
    const step = sgdStep(loss, model, sgd);
    const backend = referenceBackend();
    const state = await backend.openState(startValues([...model.entries, ...step.entries]));
    const train = await backend.compile(program({ name: "train", outputs: {}, updates: step.updates }), state);
    const look = await backend.compile(program({ name: "look", outputs: { predicted } }), state);
    const weights = new Float32Array(batch).fill(1);
    for (let i = 0; i < 300; i++) {
      const items = drawItems(i);
      const positive = items.loss.map((value) => value + 3); // a ratio of losses needs positive ones
      await train.run({ map: items.map, loss: positive, weights, learningRate: Float32Array.of(0.05) });
    }
    const fresh = [1000, 1001, 1002, 1003].map(drawItems);
    const seen = [];
    for (const { map } of fresh) seen.push(...(await look.run({ map })).predicted!.values);
    const accuracy = rankingAccuracy(
      seen,
      fresh.flatMap((items) => [...items.loss]),
    )!;
    assert.ok(accuracy > 0.9, `${accuracy}`);
  });
}
