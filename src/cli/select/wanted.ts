// Which signals to read for a strategy, given the files there are, and what to say when one is missing.
import { UsageError } from "../../core/errors.ts";
import { type PoolSignal, type ScalarSignal, scalarSignals } from "../../core/signals.ts";
import { columnName } from "../../records/score-table.ts";
import type { InputName } from "../../records/selection.ts";
import { type Strategy, signalsFor } from "../../strategies/index.ts";
import { isDerivable, sources } from "../../strategies/signals/derive.ts";

/** The option that gives a signal. */
const optionOf: { readonly [S in Exclude<PoolSignal, ScalarSignal>]: InputName | null } = {
  embedding: "embeddings",
  probabilities: "probabilities",
  memberProbabilities: "members",
  gradientFactors: "gradients",
  predictedClass: null,
  group: "groups",
  cost: "costs",
};

export function isScalar(signal: PoolSignal): signal is ScalarSignal {
  return (scalarSignals as readonly PoolSignal[]).includes(signal);
}

/** The signals to read. Throws a `UsageError` that names the options to give when they do not meet what `strategy` needs. */
export function wantedSignals(
  strategy: Strategy,
  isGiven: (input: InputName) => boolean,
  scoreColumns: readonly ScalarSignal[],
): readonly PoolSignal[] {
  const isThere = (signal: PoolSignal): boolean => {
    if (isScalar(signal)) return isGiven("scores") && scoreColumns.includes(signal);
    const option = optionOf[signal];
    return option !== null && isGiven(option);
  };
  const wanted = signalsFor(strategy.needs, isThere);
  if (wanted !== null) return wanted;
  const missing = strategy.needs.find((need) => signalsFor([need], isThere) === null)!;
  throw new UsageError(`--strategy "${strategy.name}" goes by ${words(missing)}; give ${waysToGive(missing)}`);
}

function words(signal: PoolSignal): string {
  return columnName(signal).replaceAll("_", " ");
}

/** `--scores FILE with a column margin, or --probabilities FILE, or --members FILE`. */
function waysToGive(signal: PoolSignal): string {
  const derived = isDerivable(signal) ? sources[signal].map(waysToGive).join(" and ") : null;
  return [directWay(signal), derived].filter((way) => way !== null).join(", or ");
}

function directWay(signal: PoolSignal): string | null {
  if (isScalar(signal)) return `--scores FILE with a column ${columnName(signal)}`;
  const option = optionOf[signal];
  if (option === null) return null;
  return option === "gradients" ? "--gradients LEFT RIGHT" : `--${option} FILE`;
}
