// Picks as they are written: CSV with a column for everything that is known of at least one of them, or JSON.
import { formatCsv } from "../../records/csv.ts";
import { columnName, shortest } from "../../records/score-table.ts";
import type { ExplainedPick, Neighbour, PickSignals } from "./choice.ts";

type Cell = string | number;
type Reader = (pick: ExplainedPick) => Cell | undefined;

/** `picks` as CSV, best first; a cell is empty where there is nothing to say. */
export function picksAsCsv(picks: readonly ExplainedPick[]): string {
  const columns = [...signalColumns(picks), ...reasonColumns].filter(([, read]) =>
    picks.some((pick) => read(pick) !== undefined),
  );
  const rows = picks.map((pick, at) => [at + 1, pick.item, ...columns.map(([, read]) => read(pick) ?? "")]);
  return formatCsv([["rank", "item", ...columns.map(([name]) => name)], ...rows]);
}

const reasonColumns: readonly (readonly [string, Reader])[] = [
  ["nearest_labelled", ({ nearestLabelled }) => nearestLabelled?.item],
  ["distance", ({ nearestLabelled }) => distance(nearestLabelled)],
  ["nearest_pick", ({ nearestPick }) => nearestPick?.item],
  ["pick_distance", ({ nearestPick }) => distance(nearestPick)],
  ["group", ({ group }) => group],
  ["cost", ({ cost }) => (cost === undefined ? undefined : shortest(cost))],
];

function signalColumns(picks: readonly ExplainedPick[]): (readonly [string, Reader])[] {
  const names = Object.keys(picks[0]?.signals ?? {}) as (keyof PickSignals)[];
  return names.map((name) => [columnName(name), ({ signals }) => shortest(signals[name]!)]);
}

function distance(neighbour: Neighbour | undefined): number | undefined {
  return neighbour === undefined ? undefined : Number(neighbour.distance.toPrecision(6));
}

export function picksAsJson(strategy: string, picks: readonly ExplainedPick[]): string {
  return JSON.stringify({ strategy, picks: picks.map(record) }, null, 2);
}

function record({ item, signals, nearestLabelled, nearestPick, group, cost }: ExplainedPick, at: number): object {
  const scores = Object.entries(signals).map(([name, value]) => [name, shortest(value)]);
  return {
    rank: at + 1,
    item,
    signals: Object.fromEntries(scores),
    ...(nearestLabelled && { nearestLabelled: { ...nearestLabelled, distance: distance(nearestLabelled) } }),
    ...(nearestPick && { nearestPick: { ...nearestPick, distance: distance(nearestPick) } }),
    ...(group !== undefined && { group }),
    ...(cost !== undefined && { cost: shortest(cost) }),
  };
}
