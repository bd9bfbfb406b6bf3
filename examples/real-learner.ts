// A strategy of one's own with a net, on pictures: the loop drives a learner that trains in a thread of its own. The net
// and the data are tiny, so that it ends in seconds; its figures say nothing. Outside this repository: "foreloss/core" ...
import { createRandom } from "../src/core/index.ts";
import { openDataset } from "../src/datasets/index.ts";
import { createPoolState, cycleRecords, knownLabels, runCycles } from "../src/loop/index.ts";
import { parseRecipe } from "../src/records/index.ts";
import { highest, type Strategy } from "../src/strategies/index.ts";
import { createLearner } from "../src/training/index.ts";

/** Where the module expects a great loss and the net is unsure as well. */
const bothAgree: Strategy = {
  name: "both-agree",
  needs: ["predictedLoss", "entropy"],
  async select({ signals: { predictedLoss, entropy } }, count, random) {
    const [byLoss, byEntropy] = [ranks(predictedLoss!), ranks(entropy!)];
    return highest(
      Float32Array.from(byLoss, (rank, item) => Math.min(rank, byEntropy[item]!)),
      count,
      random,
    );
  },
};

/** Rank of every value, the lowest first: numbers of different scales become comparable. */
function ranks(values: Float32Array): Float32Array {
  const ranked = new Float32Array(values.length);
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  order.forEach((item, rank) => {
    ranked[item] = rank;
  });
  return ranked;
}

const fields = {
  name: "example",
  dataset: { kind: "made-up", train: 60, test: 24 },
  model: { width: 2 },
  training: { batch: 8, steps: 5 },
  labelling: { initial: 16, perCycle: 8, cycles: 3 },
  arms: [{ name: "random", strategy: "random" }],
};
const { dataset, model, training, labelling } = parseRecipe(fields, "example");
const { train } = await openDataset(dataset, { dataFolder: null });
const engine = { name: "auto", threads: 1, precision: "auto" } as const;
const data = { dataset, dataFolder: null, workFolder: null };
const learner = await createLearner({ ...data, model, training, engine, seed: 0, initialLabels: labelling.initial });
const { steps } = await runCycles({
  learner,
  strategy: bothAgree,
  oracle: knownLabels(new Map(train.ids.map((id, position) => [id, train.labels[position]!]))),
  state: createPoolState({ pool: train.ids }),
  labelling,
  random: createRandom(0),
  journal: { append: async () => {} },
  nowSeconds: () => performance.now() / 1000,
});
await learner.close();
for (const { labels, metric, picks } of cycleRecords(steps)) {
  console.log(`${labels} labels: accuracy ${metric.toFixed(2)}, next ${picks[0]?.item ?? "nothing"}`);
}
