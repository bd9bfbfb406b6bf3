// Carries a row out: rounds in which every contender runs once, forwards and backwards in turn, so that a machine that gets
// slower or faster meanwhile harms none. Results are compared before any time counts.
import { ForelossError } from "../src/core/errors.ts";
import type { Contender, Report, Row } from "./row.ts";

export interface Measured {
  readonly name: string;
  readonly engine: string;
  /** Median over the rounds. */
  readonly picturesPerSecond: number;
  readonly peakMemoryBytes: number;
  readonly rounds: readonly Round[];
}

interface Round {
  /** From the median of the timed calls. */
  readonly picturesPerSecond: number;
  readonly peakMemoryBytes: number;
  readonly seconds: readonly number[];
}

export interface RowResult {
  readonly row: string;
  readonly work: string;
  readonly ours: Measured;
  readonly peers: readonly Measured[];
  /** Beside the fastest peer; null when the peers were skipped. */
  readonly comparison: Comparison | null;
}

export interface Comparison {
  readonly peer: string;
  /** Largest difference of the results, as a share of the largest number of each; below `tolerance` or the row fails. */
  readonly resultDifference: number;
  readonly tolerance: number;
  readonly speed: Ratio;
  readonly memory: Ratio;
}

export interface Ratio {
  /** Ours as a multiple of the peer's. */
  readonly value: number;
  readonly target: string;
  readonly met: boolean;
}

const tolerance = 1e-3;

/** `run` starts a contender's process; `progress` is told of every one before it starts. */
export async function runRow(
  row: Row,
  contenders: readonly Contender[],
  rounds: number,
  run: (contender: Contender) => Promise<Report>,
  progress: (message: string) => void,
): Promise<RowResult> {
  const reports = new Map<Contender, Report[]>(contenders.map((contender) => [contender, []]));
  let difference = 0;
  for (let round = 0; round < rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      progress(`${row.name}: round ${round + 1} of ${rounds}, ${contender.name}`);
      reports.get(contender)!.push(await run(contender));
    }
    const latest = contenders.map((contender) => reports.get(contender)!.at(-1)!);
    difference = Math.max(difference, checkResults(row, contenders, latest));
  }
  const [ours, ...peers] = contenders.map((contender) => measured(row, contender, reports.get(contender)!));
  return { row: row.name, work: row.work, ours: ours!, peers, comparison: compare(row, ours!, peers, difference) };
}

/** The largest difference of the peers' results from the first contender's. Throws a `ForelossError` when it is too large. */
function checkResults(row: Row, contenders: readonly Contender[], reports: readonly Report[]): number {
  const differences = reports.slice(1).map((report, i) => {
    const value = resultDifference(reports[0]!.result, report.result);
    if (value < tolerance) return value;
    const names = `${contenders[0]!.name} and ${contenders[i + 1]!.name}`;
    throw new ForelossError(
      `${row.name}: ${names} differ by ${value.toPrecision(2)} of the largest number, ${tolerance} is allowed; no time counts`,
    );
  });
  return Math.max(0, ...differences);
}

/** Largest difference, each list as a share of its own largest number. Infinite where names, lengths or numbers do not fit. */
export function resultDifference(ours: Report["result"], theirs: Report["result"]): number {
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return Math.max(0, ...[...names].map((name) => listDifference(ours[name] ?? [], theirs[name] ?? [])));
}

function listDifference(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  const most = (values: readonly number[]) => values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  const difference = most(ours.map((value, i) => value - theirs[i]!)) / most(theirs);
  return Number.isFinite(difference) ? difference : Number.POSITIVE_INFINITY;
}

function measured(row: Row, contender: Contender, reports: readonly Report[]): Measured {
  const rounds = reports.map(({ seconds, peakMemoryBytes }) => ({
    picturesPerSecond: row.picturesPerCall / median(seconds),
    peakMemoryBytes,
    seconds,
  }));
  return {
    name: contender.name,
    engine: reports[0]!.engine,
    picturesPerSecond: median(rounds.map((round) => round.picturesPerSecond)),
    peakMemoryBytes: median(rounds.map((round) => round.peakMemoryBytes)),
    rounds,
  };
}

function compare(row: Row, ours: Measured, peers: readonly Measured[], difference: number): Comparison | null {
  const [peer] = peers.toSorted((a, b) => b.picturesPerSecond - a.picturesPerSecond);
  if (peer === undefined) return null;
  const { leastSpeed, mostMemory } = row.target;
  const speed = ours.picturesPerSecond / peer.picturesPerSecond;
  const memory = ours.peakMemoryBytes / peer.peakMemoryBytes;
  return {
    peer: peer.name,
    resultDifference: difference,
    tolerance,
    speed: { value: speed, target: `at least ${leastSpeed}`, met: speed >= leastSpeed },
    memory: { value: memory, target: `below ${mostMemory}`, met: memory < mostMemory },
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
