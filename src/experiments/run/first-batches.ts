// The first items of every seed, chosen once for all its arms, whatever they train along: arms that began with different
// items could not be compared. The choice is made anew when a run is taken up again, and comes out the same.
import type { ItemId } from "../../core/item.ts";
import { createRandom } from "../../core/random.ts";
import { type FirstBatch, firstBatchBy } from "../../loop/first-batch.ts";
import { strategyNamed } from "../../strategies/index.ts";
import type { Strategy } from "../../strategies/strategy.ts";
import { pictureGroups } from "./picture-groups.ts";
import type { Work } from "./work.ts";

type About = Pick<Work, "recipe" | "dataset" | "createLearner" | "folder">;

/** How the first items of a seed are chosen; undefined where they are random. */
export function firstBatches(about: About): Work["firstBatch"] {
  const name = about.recipe.labelling.initialStrategy ?? "random";
  if (name === "random") return () => undefined;
  const strategy = strategyNamed(name);
  const chosen = new Map<number, Promise<readonly ItemId[]>>();
  return (seed, signal) =>
    (...wanted) => {
      const batch = chosen.get(seed) ?? chooseFirst(about, strategy, seed, signal, wanted);
      chosen.set(seed, batch);
      return batch;
    };
}

/** By a net without the module, at the weights that all arms start from. */
async function chooseFirst(
  { recipe, dataset, createLearner, folder }: About,
  strategy: Strategy,
  seed: number,
  signal: AbortSignal,
  wanted: Parameters<FirstBatch>,
): Promise<readonly ItemId[]> {
  const arm = { ...recipe.arms[0]!, lossPrediction: false };
  const training = { ...recipe.training, lossPrediction: null };
  const workFolder = folder.firstCycle({ arm, seed });
  const learner = await createLearner({ recipe, arm, seed, training, dataset, workFolder });
  try {
    const ties = () => createRandom(seed, "initial", "ties");
    const { subset } = recipe.labelling;
    const groupOf = pictureGroups(recipe, dataset);
    return await firstBatchBy({ learner, strategy, subset, groupOf, ties, signal })(...wanted);
  } finally {
    await learner.close();
  }
}
