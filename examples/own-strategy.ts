// A strategy of one's own in the loop. The learner is small enough to read: it looks for a border between 0 and 1000 from
// labels that only say on which side an item lies. Outside this repository: import from "foreloss/core" and so on.
import { createRandom, permutation } from "../src/core/index.ts";
import { createPoolState, cycleRecords, knownLabels, type Learner, runCycles } from "../src/loop/index.ts";
import { entropy, random, type Strategy } from "../src/strategies/index.ts";

/** Takes turns: one pick by entropy, one at random, so that what the model is wrongly sure of is asked for too. */
const mixed: Strategy = {
  name: "mixed",
  needs: ["entropy"],
  async select(pool, count, stream) {
    const unsure = await entropy.select(pool, pool.ids.length, stream.stream("entropy"));
    const drawn = permutation(pool.ids.length, stream.stream("drawn"));
    const turns = Array.from(unsure, (position, i) => [position, drawn[i]!]).flat();
    return Uint32Array.from([...new Set(turns)].slice(0, count));
  },
};

const ids = Array.from({ length: 1000 }, (_, i) => `${i}`);
const labels = new Map(ids.map((id) => [id, Number(id) < 370 ? 0 : 1]));

function borderFinder(): Learner<number> {
  let border = 0;
  return {
    fit: async (labelled) => {
      const side = (label: number) => labelled.filter((item) => item.label === label).map(({ id }) => Number(id));
      border = (Math.max(0, ...side(0)) + Math.min(1000, ...side(1))) / 2;
      const wrong = ids.filter((id) => (Number(id) < border ? 0 : 1) !== labels.get(id)).length;
      return { ...unmeasured, metric: 1 - wrong / ids.length };
    },
    infer: async (items) => ({ entropy: Float32Array.from(items, (id) => 1 / (1 + Math.abs(Number(id) - border))) }),
    save: async () => {},
    restore: async () => {},
    close: async () => {},
  };
}

const nothing = { rankingAccuracy: null, rankCorrelation: null, lossSample: [] };
const unmeasured = { ...nothing, trainMetric: 1, testLoss: 0, steps: 1, trainSeconds: 0 };

for (const strategy of [random, mixed]) {
  const { steps } = await runCycles<number>({
    learner: borderFinder(),
    strategy,
    oracle: knownLabels(labels),
    state: createPoolState<number>({ pool: ids }),
    labelling: { initial: 4, perCycle: 4, cycles: 5, subset: null },
    random: createRandom(0),
    journal: { append: async () => {} },
    nowSeconds: () => performance.now() / 1000,
  });
  const curve = cycleRecords(steps).map((cycle) => `${cycle.labels}: ${cycle.metric.toFixed(3)}`);
  console.log(`${strategy.name}  ${curve.join("  ")}`);
}
