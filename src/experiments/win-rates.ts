// How often each arm is ahead of each other one, counted over cycles and seeds. It says nothing of how far ahead, so that
// no single cycle or seed weighs more than another.
import type { ArmResult, CycleRecord, WinRates } from "../records/results.ts";
import { labelsOf } from "./blocks.ts";

/** Every arm held against every other, in the cycles of equal seed and equal number of labels, but for the first. */
export function winRates(arms: readonly ArmResult[]): WinRates {
  const duels = arms.map((arm) => arms.map((other) => (arm === other ? [] : scores(arm, other))));
  return {
    arms: arms.map((arm) => arm.name),
    rates: duels.map((row) => row.map((won) => (won.length === 0 ? null : sum(won) / won.length))),
    pairs: duels.map((row) => row.map((won) => won.length)),
  };
}

/** 1 for every pair that `arm` wins, 0 for every one it loses, a half for a tie. */
function scores(arm: ArmResult, other: ArmResult): number[] {
  return arm.seeds.flatMap(({ seed, cycles }) => {
    const against = new Map(chosen(other.seeds.find((one) => one.seed === seed)?.cycles ?? []));
    return chosen(cycles).flatMap(([labels, metric]) => {
      const metricOfOther = against.get(labels);
      return metricOfOther === undefined ? [] : [(Math.sign(metric - metricOfOther) + 1) / 2];
    });
  });
}

/** Labels and metric of the cycles behind the first, in which the strategy has had its say. */
function chosen(cycles: readonly CycleRecord[]): (readonly [number, number])[] {
  return cycles.slice(1).map((cycle) => [labelsOf(cycle), cycle.metric] as const);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
