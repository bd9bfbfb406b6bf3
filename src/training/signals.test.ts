// The signals with several numbers per item, of a real learner of every task.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it, test } from "node:test";
import type { Matrix, MemberMatrix } from "../core/signals.ts";
import { readSafetensors } from "../nn/safetensors.ts";
import { entropyOf } from "../strategies/signals/derive.ts";
import { checkpointFileName } from "./checkpoint-file.ts";
import { openTaskTrainer, recipeOf, taskNames } from "./testing/every-task.ts";

const folder = await mkdtemp(join(tmpdir(), "foreloss-signals-"));
after(() => rm(folder, { recursive: true }));

const row = ({ columns, values }: Matrix, at: number) => values.subarray(at * columns, (at + 1) * columns);

function assertProbabilities({ rows, columns, values }: Matrix): void {
  assert.equal(values.length, rows * columns);
  for (let at = 0; at < rows; at++) {
    const own = values.subarray(at * columns, (at + 1) * columns);
    assert.ok(own.every((p) => p >= 0));
    assert.ok(Math.abs(own.reduce((a, b) => a + b) - 1) < 1e-5, `${own}`);
  }
}

/** The probabilities of one member. */
function member({ rows, columns, values }: MemberMatrix, m: number): Matrix {
  return { rows, columns, values: values.subarray(m * rows * columns, (m + 1) * rows * columns) };
}

for (const task of taskNames) {
  describe(`a learner of ${task}`, async () => {
    const { trainer, dataset, labelled } = await openTaskTrainer(recipeOf(task, ["random"]));
    after(() => trainer.close());
    await trainer.fit(labelled, { cycle: 0 });
    const pool = dataset.train.ids.slice(20);
    const { probabilities, embedding, gradientFactors, memberProbabilities } = await trainer.infer(pool, [
      "probabilities",
      "embedding",
      "gradientFactors",
      "memberProbabilities",
    ]);

    it("gives every item probabilities that add up to 1, and items different ones", () => {
      assert.equal(probabilities!.rows, pool.length);
      assertProbabilities(probabilities!);
      assert.ok(new Set(probabilities!.values).size > pool.length);
    });

    it("gives gradients whose second factor is the embedding and whose first adds up to 0", () => {
      assert.deepEqual(gradientFactors!.right, embedding);
      assert.equal(gradientFactors!.left.rows, pool.length);
      for (const at of pool.keys()) {
        const sum = row(gradientFactors!.left, at).reduce((a, b) => a + b);
        assert.ok(Math.abs(sum) < 1e-5, `${sum}`);
      }
    });

    it("gives one set of probabilities per pass, all different", () => {
      const { members, rows, columns } = memberProbabilities!;
      assert.deepEqual([members, rows, columns], [4, pool.length, probabilities!.columns]);
      const passes = Array.from({ length: members }, (_, m) => member(memberProbabilities!, m));
      passes.forEach(assertProbabilities);
      for (const pass of passes) assert.notDeepEqual(pass.values, probabilities!.values);
      assert.notDeepEqual(passes[0], passes[1]);
    });

    it("gives an item the same whatever else is asked for", async () => {
      const some = pool.slice(7, 10);
      const alone = await trainer.infer(some, ["memberProbabilities", "probabilities"]);
      for (const at of some.keys()) {
        const near = (a: Float32Array, b: Float32Array) =>
          a.forEach((value, i) => {
            assert.ok(Math.abs(value - b[i]!) < 1e-6);
          });
        near(row(alone.probabilities!, at), row(probabilities!, at + 7));
        for (const m of [0, 3])
          near(row(member(alone.memberProbabilities!, m), at), row(member(memberProbabilities!, m), at + 7));
      }
      assert.deepEqual(await trainer.infer(some, ["probabilities"]), { probabilities: alone.probabilities });
    });

    it("leaves all other signals as they are when passes are asked for too", async () => {
      const alone = await trainer.infer(pool, ["predictedLoss", "entropy", "embedding"]);
      const beside = await trainer.infer(pool, ["predictedLoss", "entropy", "embedding", "memberProbabilities"]);
      const { memberProbabilities: again, ...rest } = beside;
      for (const signal of ["predictedLoss", "entropy"] as const) {
        rest[signal]!.forEach((value, i) => {
          assert.ok(Math.abs(value - alone[signal]![i]!) < 1e-5);
        });
      }
      assert.deepEqual(again, memberProbabilities);
    });

    it("gives the same passes when it is restored", async () => {
      const path = join(folder, task);
      await trainer.save(path);
      await trainer.restore(path);
      assert.deepEqual(await trainer.infer(pool, ["memberProbabilities"]), { memberProbabilities });
    });
  });
}

test("the entropy of a classification is that of its probabilities", async () => {
  const { trainer, dataset, labelled } = await openTaskTrainer(recipeOf("classification", ["random"]));
  await trainer.fit(labelled, { cycle: 0 });
  const { entropy, probabilities } = await trainer.infer(dataset.train.ids, ["entropy", "probabilities"]);
  entropy!.forEach((value, at) => {
    assert.ok(Math.abs(value - entropyOf(row(probabilities!, at))) < 1e-5);
  });
  await trainer.close();
});

test("a pass of a classification is its last layer on an embedding of which half is dropped", async () => {
  const { trainer, dataset, labelled } = await openTaskTrainer(recipeOf("classification", ["random"]));
  await trainer.fit(labelled, { cycle: 3 });
  await trainer.save(join(folder, "weights"));
  const { embedding, memberProbabilities } = await trainer.infer(dataset.train.ids, [
    "embedding",
    "memberProbabilities",
  ]);
  await trainer.close();
  const { tensors } = await readSafetensors(join(folder, "weights", checkpointFileName));
  const [weight, bias] = ["fc.weight", "fc.bias"].map((name) => tensors.get(name)!.values);
  const { columns, members } = memberProbabilities!;
  const width = embedding!.columns;
  // Which half: every mask there is of so few numbers is tried, and just one fits all items.
  const logits = (kept: number, at: number) =>
    Array.from({ length: columns }, (_, c) =>
      row(embedding!, at).reduce(
        (sum, x, i) => sum + (((kept >> i) & 1) === 1 ? 2 * x * weight![c * width + i]! : 0),
        bias![c]!,
      ),
    );
  const fits = (kept: number, m: number) =>
    [0, 5, 40].every((at) => {
      const powers = logits(kept, at).map(Math.exp);
      const total = powers.reduce((a, b) => a + b);
      return powers.every((power, c) => Math.abs(power / total - row(member(memberProbabilities!, m), at)[c]!) < 1e-6);
    });
  const masks = Array.from({ length: members }, (_, m) =>
    Array.from({ length: 2 ** width }, (_, kept) => kept).filter((kept) => fits(kept, m)),
  );
  assert.ok(
    masks.every((found) => found.length > 0),
    "no mask gives the pass",
  );
  assert.ok(new Set(masks.map(([mask]) => mask)).size > 1);
});

test("a model without dropout says what is missing, and trains and infers as it did", async () => {
  const { trainer, dataset, labelled } = await openTaskTrainer(recipeOf("classification", ["random"]), false);
  await trainer.fit(labelled, { cycle: 0 });
  await assert.rejects(trainer.infer(dataset.train.ids, ["memberProbabilities"]), {
    name: "ForelossError",
    message: "signals: memberProbabilities needs several members, or a model with dropout",
  });
  assert.equal((await trainer.infer(dataset.train.ids, ["probabilities"])).probabilities!.rows, 60);
  await trainer.close();
});
