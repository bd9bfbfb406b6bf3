// A learner asked before it was ever trained: it answers by its start weights, and trains afterwards as if nobody had asked.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { checkpointFileName } from "./checkpoint-file.ts";
import { exportSafetensors } from "./export.ts";
import { dataset, labelled, openTrainer } from "./testing/small-trainer.ts";

const folder = await mkdtemp(join(tmpdir(), "foreloss-untrained-"));
after(() => rm(folder, { recursive: true }));

const items = dataset.train.ids.slice(0, 8);

test("the embedding before any training is that of the seed, and a training after it the same as without", async () => {
  const [asked, plain, other] = [await openTrainer(), await openTrainer(), await openTrainer({ seed: 2 })];
  const { embedding } = await asked.infer(items, ["embedding"]);
  assert.equal(embedding!.rows, 8);
  assert.notDeepEqual((await other.infer(items, ["embedding"])).embedding, embedding);
  const [first, second] = [await asked.fit(labelled(50), { cycle: 0 }), await plain.fit(labelled(50), { cycle: 0 })];
  assert.deepEqual({ ...first, trainSeconds: 0 }, { ...second, trainSeconds: 0 });
  assert.deepEqual(await asked.infer(items, ["entropy"]), await plain.infer(items, ["entropy"]));
  await Promise.all([asked.close(), plain.close(), other.close()]);
});

test("with start weights it is theirs", async () => {
  const source = await openTrainer({ seed: 5 });
  await source.fit(labelled(50), { cycle: 0 });
  await source.save(folder);
  const expected = await source.infer(items, ["embedding"]);
  const weights = join(folder, "weights.safetensors");
  await writeFile(weights, await exportSafetensors(join(folder, checkpointFileName)));
  const trainer = await openTrainer({ weights });
  assert.deepEqual(await trainer.infer(items, ["embedding"]), expected);
  await Promise.all([source.close(), trainer.close()]);
});

test("after a training it tells its decisions about the held-out items, after a restore none", async () => {
  const trainer = await openTrainer();
  const { metric } = await trainer.fit(labelled(50), { cycle: 0 });
  const decided = await trainer.decided();
  const right = decided!.filter((classIndex, i) => classIndex === dataset.test.labels[i]).length;
  assert.equal(right / dataset.test.ids.length, metric);
  await trainer.save(folder);
  await trainer.restore(folder);
  assert.equal(await trainer.decided(), null);
  await trainer.close();
});
