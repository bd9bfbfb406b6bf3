// Every strategy there is chooses from the signals of a real learner, for every task. The learners are trained once and then
// only infer: what is tried is whether strategy, loop and learner fit together, not what the picks are worth.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { createRandom } from "../core/random.ts";
import { knownLabels } from "../loop/oracle.ts";
import { createPoolState } from "../loop/pool-state.ts";
import { runCycles } from "../loop/run-cycles.ts";
import { strategies, strategyNamed } from "../strategies/index.ts";
import { openTaskTrainer, recipeOf, taskNames } from "./testing/every-task.ts";

const combinations = [
  "subsample(20, badge)",
  "rank-sum(2, learned-loss, 1, bald)",
  "within-top(3, margin, k-means)",
  "class-balanced(entropy)",
  "power(2, bald)",
  "with-random(0.2, uherding)",
];
const names = [...strategies.map(({ name }) => name), ...combinations];

for (const task of taskNames) {
  describe(`for a learner of ${task}`, async () => {
    const recipe = recipeOf(task, names);
    const { trainer, dataset, labelled } = await openTaskTrainer(recipe);
    after(() => trainer.close());
    const report = await trainer.fit(labelled, { cycle: 0 });
    const learner = {
      fit: async () => report,
      infer: trainer.infer.bind(trainer),
      save: trainer.save.bind(trainer),
      restore: trainer.restore.bind(trainer),
      close: trainer.close.bind(trainer),
    };
    const oracle = knownLabels(new Map(dataset.train.ids.map((id, i) => [id, dataset.train.labels[i]!])));
    const { labelling } = recipe;

    const picksOf = async (strategy: string) => {
      const state = createPoolState({ pool: dataset.train.ids.slice(20), labelled });
      const { steps } = await runCycles({
        ...{ learner, oracle, state, labelling, random: createRandom(0) },
        strategy: strategyNamed(strategy),
        journal: { append: async () => undefined },
        nowSeconds: () => 0,
      });
      return steps.flatMap((step) => (step.kind === "picked" ? step.picks.map(({ item }) => item) : []));
    };

    for (const { strategy } of recipe.arms) {
      it(`${strategy} gives as many picks as were asked for, and the same ones again`, async () => {
        const picks = await picksOf(strategy);
        assert.equal(new Set(picks).size, labelling.perCycle);
        assert.deepEqual(await picksOf(strategy), picks);
      });
    }
  });
}
