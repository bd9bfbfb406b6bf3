// Ensembles: what a learner with several members gives, and that it can be stopped, saved and taken up like one with one.
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InterruptedError } from "../core/errors.ts";
import type { Matrix, MemberMatrix, Signal } from "../core/signals.ts";
import type { FitReport } from "../loop/learner.ts";
import { meanOfMembers } from "../strategies/signals/derive.ts";
import type { Task } from "../tasks/task.ts";
import { compareMembers } from "./signals.ts";
import { openTaskTrainer, recipeOf, taskNames } from "./testing/every-task.ts";
import { dataset, labelled, openTrainer, type SmallTrainer } from "./testing/small-trainer.ts";
import type { Trainer } from "./trainer.ts";

const folder = await mkdtemp(join(tmpdir(), "foreloss-members-"));
after(() => rm(folder, { recursive: true, force: true }));

const pool = dataset.train.ids.slice(100);
const disagreement = ["memberProbabilities", "entropy", "embedding"] as const;

const member = ({ rows, columns, values }: MemberMatrix, m: number): Matrix => ({
  rows,
  columns,
  values: values.subarray(m * rows * columns, (m + 1) * rows * columns),
});

const ensembleOf = (members: number, { training, ...rest }: SmallTrainer = {}) =>
  openTrainer({ ...rest, training: { ...training, members } });

const withoutTimes = (report: FitReport) => ({ ...report, trainSeconds: 0 });

/** What an ensemble of three says after a training on 50 items that nothing disturbed. */
const undisturbed = (async () => {
  const trainer = await ensembleOf(3);
  const report = await trainer.fit(labelled(50), { cycle: 0 });
  const signals = await trainer.infer(pool, disagreement);
  await trainer.close();
  return { report: withoutTimes(report), signals };
})();

test("the first member is the learner that would be there alone: same figures, same signals", async () => {
  const alone = await openTrainer();
  const report = withoutTimes(await alone.fit(labelled(50), { cycle: 0 }));
  const signals = await alone.infer(pool, ["entropy", "embedding", "probabilities"]);
  await alone.close();
  const { report: together, signals: own } = await undisturbed;
  const { ensembleMetric, ...ofFirst } = together;
  assert.ok(ensembleMetric !== undefined && ensembleMetric >= 0 && ensembleMetric <= 1);
  assert.deepEqual(ofFirst, report);
  assert.deepEqual([own.entropy, own.embedding], [signals.entropy, signals.embedding]);
  assert.deepEqual(member(own.memberProbabilities!, 0), signals.probabilities);
});

test("members differ from each other, and are the same ones whenever they are asked", async () => {
  const { memberProbabilities } = (await undisturbed).signals;
  assert.deepEqual([memberProbabilities!.members, memberProbabilities!.rows], [3, pool.length]);
  const each = [0, 1, 2].map((m) => member(memberProbabilities!, m).values);
  for (const [a, b] of [[0, 1] as const, [0, 2] as const, [1, 2] as const]) assert.notDeepEqual(each[a], each[b]);
  const pair = await ensembleOf(2);
  await pair.fit(labelled(50), { cycle: 0 });
  const { memberProbabilities: two } = await pair.infer(pool, ["memberProbabilities"]);
  assert.deepEqual([member(two!, 0).values, member(two!, 1).values], each.slice(0, 2));
  await pair.close();
});

test("inferring tells how many items were looked at, by every member that looks", async () => {
  const trainer = await ensembleOf(2);
  const told = async (signals: readonly Signal[]) => {
    const seen: string[] = [];
    await trainer.infer(pool, signals, { onProgress: (done, total) => void seen.push(`${done} of ${total}`) });
    return seen;
  };
  const size = pool.length; // less than a batch
  assert.deepEqual(await told(["entropy"]), [`${size} of ${size}`]);
  assert.deepEqual(await told(["memberProbabilities"]), [`${size} of ${2 * size}`, `${2 * size} of ${2 * size}`]);
  assert.equal((await told(disagreement)).at(-1), `${3 * size} of ${3 * size}`);
  await trainer.close();
});

test("the metric of the ensemble is that of its mean probabilities, beside the first member's", async () => {
  const trainer = await ensembleOf(3, { test: dataset.train });
  const report = await trainer.fit(labelled(50), { cycle: 0 });
  const { memberProbabilities } = await trainer.infer(dataset.train.ids, ["memberProbabilities"]);
  await trainer.close();
  const accuracy = ({ columns, values }: Matrix) => {
    const right = Array.from(dataset.train.labels).filter((label, item) => {
      const row = [...values.subarray(item * columns, (item + 1) * columns)];
      return row.indexOf(Math.max(...row)) === label;
    });
    return right.length / dataset.train.ids.length;
  };
  assert.equal(report.ensembleMetric, accuracy(meanOfMembers(memberProbabilities!)));
  assert.equal(report.metric, accuracy(member(memberProbabilities!, 0)));
});

/** Goes on with what lies in a work folder; gives the steps that were done and what comes of it. */
async function takenUp(workFolder: string) {
  const trainer = await ensembleOf(3, { workFolder });
  const steps: number[] = [];
  const report = await trainer.fit(labelled(50), { cycle: 0, onProgress: (done) => void steps.push(done) });
  const signals = await trainer.infer(pool, disagreement);
  await trainer.close();
  assert.deepEqual(await readdir(workFolder), []);
  return { steps, outcome: { report: withoutTimes(report), signals } };
}

async function stopped(trainer: Trainer, at: number, message: RegExp): Promise<void> {
  const controller = new AbortController();
  const onProgress = (done: number, total: number) => {
    assert.equal(total, 36);
    if (done === at) controller.abort();
  };
  await assert.rejects(
    trainer.fit(labelled(50), { cycle: 0, onProgress, signal: controller.signal }),
    (error: Error) => error instanceof InterruptedError && message.test(error.message),
  );
  await trainer.close();
}

test("an ensemble stopped in the training of its second member goes on there and ends as one left alone", async () => {
  const workFolder = join(folder, "stopped");
  await stopped(await ensembleOf(3, { workFolder }), 17, /in cycle 0, member 2 of 3 at step 5 of 12/);
  assert.deepEqual((await readdir(workFolder)).sort(), ["training-1.safetensors", "training.safetensors"]);
  const { steps, outcome } = await takenUp(workFolder);
  assert.deepEqual([steps[0], steps.length], [18, 19]);
  assert.deepEqual(outcome, await undisturbed);
});

test("an ensemble killed between two members trains the finished one no more", async () => {
  const [workFolder, killed] = [join(folder, "working"), join(folder, "killed")];
  const trainer = await ensembleOf(3, { workFolder });
  const onProgress = (done: number) => void (done === 13 && cpSync(workFolder, killed, { recursive: true }));
  await trainer.fit(labelled(50), { cycle: 0, onProgress });
  await trainer.close();
  const { steps, outcome } = await takenUp(killed);
  assert.equal(steps[0], 13);
  assert.deepEqual(outcome, await undisturbed);
});

test("an ensemble stopped while it is measured is not trained again", async () => {
  const workFolder = join(folder, "unmeasured");
  await stopped(await ensembleOf(3, { workFolder }), 36, /after scoring 0 of 60 items/);
  const { steps, outcome } = await takenUp(workFolder);
  assert.deepEqual(steps, []);
  assert.deepEqual(outcome, await undisturbed);
});

test("a saved ensemble, restored elsewhere, disagrees and goes on warm as the original does", async () => {
  const warm = { training: { start: "warm" } } as const;
  const [original, copy] = [await ensembleOf(2, warm), await ensembleOf(2, warm)];
  await original.fit(labelled(40), { cycle: 0 });
  const path = join(folder, "saved");
  await original.save(path);
  assert.deepEqual((await readdir(path)).sort(), ["member-1.safetensors", "model.safetensors"]);
  await copy.restore(path);
  assert.deepEqual(await copy.infer(pool, disagreement), await original.infer(pool, disagreement));
  for (const trainer of [original, copy]) await trainer.fit(labelled(60), { cycle: 1 });
  assert.deepEqual(await copy.infer(pool, disagreement), await original.infer(pool, disagreement));
  await Promise.all([original.close(), copy.close()]);
});

test("what is found in an item is looked up by the first member and read off all of them", async () => {
  async function* partsOf(name: string) {
    for (const at of [0, 1]) yield { positions: Uint32Array.of(at), count: 1, outputs: {}, name: `${name}${at}` };
  }
  const looked: string[] = [];
  const task = {
    probabilities: (found: { name: string }) => (read: { name: string }) => {
      looked.push(`${read.name} at ${found.name}`);
      return { rows: 1, columns: 1, values: Float32Array.of(looked.length) };
    },
  } as unknown as Task<unknown>;
  const { members, rows, values } = await compareMembers(["a", "b"].map(partsOf), task);
  assert.deepEqual(looked, ["a0 at a0", "a1 at a1", "b0 at a0", "b1 at a1"]);
  assert.deepEqual([members, rows, ...values], [2, 2, 1, 2, 3, 4]);
});

for (const task of taskNames) {
  test(`members of a ${task} have probabilities of their own, whatever dropout the model has`, async () => {
    for (const withDropout of task === "classification" ? [false, true] : [true]) {
      const {
        trainer,
        dataset: data,
        labelled: known,
      } = await openTaskTrainer(recipeOf(task, ["random"]), withDropout, 2);
      const { ensembleMetric } = await trainer.fit(known, { cycle: 0 });
      assert.equal(ensembleMetric === undefined, task !== "classification");
      const items = data.train.ids.slice(20);
      const { probabilities, memberProbabilities } = await trainer.infer(items, [
        "probabilities",
        "memberProbabilities",
      ]);
      await trainer.close();
      assert.equal(memberProbabilities!.members, 2);
      assert.deepEqual(member(memberProbabilities!, 0), probabilities);
      const { columns, values } = member(memberProbabilities!, 1);
      assert.notDeepEqual(values, probabilities!.values);
      for (let at = 0; at < values.length; at += columns) {
        assert.ok(Math.abs(values.subarray(at, at + columns).reduce((a, b) => a + b) - 1) < 1e-5);
      }
    }
  });
}
