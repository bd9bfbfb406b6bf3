// TCM: TypiClust for the first labels, margin from then on (Doucet, Estermann, Aczel and Wattenhofer 2024).
import { ForelossError } from "../../core/errors.ts";
import { typiClust } from "../diversity/typi-clust.ts";
import { readPool } from "../signals/read.ts";
import type { Strategy } from "../strategy.ts";
import { margin } from "../uncertainty/margin.ts";

const usualLabels = 100;

/** `labels` is how many there must be for margin to take over. About ten per class is a good guess; 100 where absent. */
export function tcm(labels = usualLabels): Strategy {
  const name = labels === usualLabels ? "tcm" : `tcm(${labels})`;
  if (!Number.isSafeInteger(labels) || labels < 0) {
    throw new ForelossError(`${name}: ${labels} labels; give a whole number from 0`);
  }
  return {
    name,
    needs: ["embedding", "margin"],
    async select(pool, count, random, signal) {
      readPool(pool, "embedding"); // what is wrong with either signal shows at once, not when its turn comes
      readPool(pool, "margin");
      const chosen = pool.labelled.ids.length < labels ? typiClust : margin;
      return chosen.select(pool, count, random, signal);
    },
  };
}
