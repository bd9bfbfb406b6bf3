// Carries a row out: rounds in which every contender runs once, forwards and backwards in turn, so that a machine that gets
// slower or faster meanwhile harms none. Results are compared before any time counts.
import { ForelossError } from "../src/core/errors.ts";
import type { Contender, Report, Row, Target } from "./row.ts";

export interface Measured {
  readonly name: string;
  readonly engine: string;
  /** Median over the rounds. */
  readonly picturesPerSecond: number;
  readonly peakMemoryBytes: number;
  readonly rounds: readonly Round[];
  /** Of the last round. */
  readonly figures: Readonly<Record<string, number>>;
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
  /** Pictures unless it is said. */
  readonly counts?: "items";
  readonly environment: Readonly<Record<string, string>>;
  /** Largest difference of the results, as a share of the largest number of each; below `tolerance` or the row fails. */
  readonly resultDifference: number;
  readonly tolerance: number;
  readonly ours: Measured;
  readonly peers: readonly Measured[];
  /** Peers that could not run, with the reason. */
  readonly skipped: readonly Skipped[];
  /** One for every target that has a peer which ran. */
  readonly comparisons: readonly Comparison[];
}

export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** Beside the fastest peer of a target. */
export interface Comparison {
  readonly against: string;
  readonly peer: string;
  readonly speed: Ratio;
  readonly memory: Ratio;
}

export interface Ratio {
  /** Ours as a multiple of the peer's. */
  readonly value: number;
  readonly target: string;
  readonly met: boolean;
}

/** `run` starts a contender's process; `progress` is told of every one before it starts. */
export async function runRow(
  row: Row,
  peers: readonly Contender[],
  rounds: number,
  run: (contender: Contender) => Promise<Report>,
  progress: (message: string) => void,
): Promise<RowResult> {
  const reports = new Map<Contender, Report[]>([row.ours, ...peers].map((contender) => [contender, []]));
  const skipped: Skipped[] = [];
  let difference = 0;
  for (let round = 0; round < rounds; round++) {
    const contenders = [...reports.keys()];
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      progress(`${row.name}: round ${round + 1} of ${rounds}, ${contender.name}`);
      const report = await runOrSkip(contender, run, skipped);
      if (report === undefined) reports.delete(contender);
      else reports.get(contender)!.push(report);
    }
    difference = Math.max(difference, checkResults(row, reports));
  }
  const [ours, ...measuredPeers] = [...reports].map(([contender, all]) => measured(row, contender, all));
  return {
    row: row.name,
    work: row.work,
    ...(row.counts && { counts: row.counts }),
    environment: row.environment,
    resultDifference: difference,
    tolerance: row.tolerance,
    ours: ours!,
    peers: measuredPeers,
    skipped,
    comparisons: row.targets.flatMap((target) => compare(target, ours!, measuredPeers)),
  };
}

async function runOrSkip(
  contender: Contender,
  run: (contender: Contender) => Promise<Report>,
  skipped: Skipped[],
): Promise<Report | undefined> {
  try {
    return await run(contender);
  } catch (error) {
    if (contender.mayFail !== true) throw error;
    skipped.push({ name: contender.name, reason: (error as Error).message });
    return undefined;
  }
}

/** The largest difference of the latest results from ours. Throws a `ForelossError` when it is too large. */
function checkResults(row: Row, reports: ReadonlyMap<Contender, readonly Report[]>): number {
  const [ours, ...others] = [...reports].map(([{ name }, all]) => ({ name, result: all.at(-1)!.result }));
  const differences = others.map(({ name, result }) => {
    const value = resultDifference(ours!.result, result);
    if (value < row.tolerance) return value;
    throw new ForelossError(
      `${row.name}: ${ours!.name} and ${name} differ by ${value.toPrecision(2)} of the largest number, ${row.tolerance} is allowed; no time counts`,
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
    figures: reports.at(-1)!.figures ?? {},
  };
}

/** Nothing when no peer of the target ran. */
function compare({ against, peers, leastSpeed, mostMemory }: Target, ours: Measured, all: readonly Measured[]) {
  const [peer] = all
    .filter(({ name }) => peers.some((one) => one.name === name))
    .toSorted((a, b) => b.picturesPerSecond - a.picturesPerSecond);
  if (peer === undefined) return [];
  const speed = ours.picturesPerSecond / peer.picturesPerSecond;
  const memory = ours.peakMemoryBytes / peer.peakMemoryBytes;
  return [
    {
      against,
      peer: peer.name,
      speed: { value: speed, target: `at least ${leastSpeed}`, met: speed >= leastSpeed },
      memory: { value: memory, target: `below ${mostMemory}`, met: memory < mostMemory },
    },
  ];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
