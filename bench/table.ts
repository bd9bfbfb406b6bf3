// Results as a table for people.
import type { Machine } from "./machine.ts";
import type { Measured, Ratio, RowResult } from "./run-row.ts";

export function machineLine(machine: Machine): string {
  const { cpu, logicalCores, memoryBytes, system, node, features } = machine;
  const sets = features === null ? "" : ` (${features.join(" ")})`;
  return `${cpu}, ${logicalCores} logical cores${sets}, ${gigabytes(memoryBytes)}, ${system}, Node ${node}`;
}

/** One line per contender, then what came of it. */
export function resultLines(result: RowResult): string[] {
  const { row, work, counts = "pictures", ours, peers, skipped } = result;
  return [
    "",
    `${row}: ${work}`,
    ...[ours, ...peers].flatMap((one) => [contenderLine(one, counts), ...figureLines(one)]),
    ...skipped.map(({ name, reason }) => `  ${name}: skipped, ${reason}`),
    ...comparisonLines(result),
  ];
}

function contenderLine(measured: Measured, counts: string): string {
  const { name, engine, picturesPerSecond, peakMemoryBytes, rounds } = measured;
  const speeds = rounds.map((round) => round.picturesPerSecond);
  const range = `${speed(Math.min(...speeds))} to ${speed(Math.max(...speeds))}`;
  const columns = [
    `  ${name}`.padEnd(42),
    `${speed(picturesPerSecond)} ${counts}/s`.padStart(18),
    `  (${range})`.padEnd(22),
    gigabytes(peakMemoryBytes).padStart(9),
    `  ${engine}`,
  ];
  return columns.join("");
}

function figureLines({ figures }: Measured): string[] {
  return Object.entries(figures).map(([name, value]) => `    ${name}: ${Number(value.toPrecision(4))}`);
}

function comparisonLines({ comparisons, resultDifference, tolerance }: RowResult): string[] {
  if (comparisons.length === 0) return [];
  return [
    ...comparisons.map(
      ({ against, peer, speed, memory }) =>
        `  against ${against} (${peer}): speed ${ratio(speed)}, memory ${ratio(memory)}`,
    ),
    `  results differ by ${resultDifference.toExponential(1)}, ${tolerance} is allowed`,
  ];
}

function ratio({ value, target, met }: Ratio): string {
  return `${value.toFixed(2)} times (${target}: ${met ? "met" : "missed"})`;
}

function speed(picturesPerSecond: number): string {
  return picturesPerSecond.toFixed(picturesPerSecond < 100 ? 1 : 0);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
