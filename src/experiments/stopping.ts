// What speaks for stopping: the last labels brought nothing, the models no longer change their mind, the pool holds little
// that they are unsure of. Figures only; whoever labels decides.
import { mean, studentInterval } from "../core/statistics.ts";
import type { Estimate, SeedResult, StoppingSigns } from "../records/results.ts";
import { labelsOf } from "./blocks.ts";

/** Kappa, averaged over three cycles, from which models count as settled (Bloodgood and Vijay-Shanker 2009). */
export const settledFrom = 0.99;

/** Signs over seeds that have come equally far, with the same numbers of labels. */
export function stoppingSigns(seeds: readonly SeedResult[]): StoppingSigns {
  const [before, last] = (seeds[0]?.cycles ?? []).slice(-2);
  const lastBatch = before === undefined || last === undefined ? null : labelsOf(last) - labelsOf(before);
  const lastGain = over(seeds, ({ cycles }) => {
    const [earlier, later] = cycles.slice(-2);
    return earlier === undefined || later === undefined ? undefined : later.metric - earlier.metric;
  });
  return {
    lastGain,
    lastBatch,
    gainPerLabel: lastGain === null || !lastBatch ? null : lastGain.mean / lastBatch,
    agreement: over(seeds, ({ cycles }) => cycles.at(-1)?.agreement),
    agreementOverThree: over(seeds, ({ cycles }) => meanOfThree(cycles.slice(-3).map((cycle) => cycle.agreement))),
    poolEntropy: poolEntropy(seeds),
  };
}

/** Of the last three models' kappas; undefined when one is missing. */
function meanOfThree(kappas: readonly (number | undefined)[]): number | undefined {
  const known = kappas.filter((kappa) => kappa !== undefined);
  return known.length === 3 ? mean(known) : undefined;
}

function poolEntropy(seeds: readonly SeedResult[]): StoppingSigns["poolEntropy"] {
  const entropies = seeds.map(({ cycles }) => cycles.flatMap((cycle) => cycle.poolEntropy?.mean ?? []));
  const first = estimate(entropies.map((own) => own[0]));
  const last = estimate(entropies.map((own) => own.at(-1)));
  return first === null || last === null ? null : { first, last };
}

function over(seeds: readonly SeedResult[], figure: (seed: SeedResult) => number | undefined): Estimate | null {
  return estimate(seeds.map(figure));
}

/** Null unless every seed has the figure. */
function estimate(values: readonly (number | undefined)[]): Estimate | null {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 || known.length < values.length ? null : studentInterval(known);
}
