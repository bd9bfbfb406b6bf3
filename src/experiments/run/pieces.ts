// The work of one call in pieces: a chain per arm and seed, and before the chains of arms that share their first cycle, that
// cycle. Pure but for looking which checkpoints are there.
import type { Recipe } from "../../records/recipe.ts";
import { isFinished } from "./chain.ts";
import type { CycleLog } from "./cycle-log.ts";
import { checkpointOf, exists } from "./kept-learner.ts";
import { type Chain, expectedSteps, sharedFirstCycles } from "./portion.ts";
import type { RunFolder } from "./run-folder.ts";
import { createTimeLeft, type TimeLeft } from "./time-left.ts";

export interface Piece {
  /** For people: `random, seed 3`. */
  readonly name: string;
  /** `random`, or the names of the arms that share a first cycle. */
  readonly arm: string;
  readonly chain: Chain;
  /** Only the first cycle, for all arms that share it. */
  readonly isFirstCycle: boolean;
  /** Checkpoint of a first cycle that this chain shares; `after` is the piece that makes it, where it has yet to be made. */
  readonly firstCycle: string | undefined;
  readonly after: Piece | undefined;
}

/** The pieces for `chains`, in order; a piece stands behind the one it waits for. */
export async function planPieces(
  recipe: Recipe,
  chains: readonly Chain[],
  folder: RunFolder,
  log: CycleLog,
): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const chain of chains) {
    const shared = firstCycleOf(recipe, chain);
    const firstCycle = shared && checkpointOf(folder.firstCycle(shared.chain), 0);
    let after = pieces.find((piece) => piece.isFirstCycle && piece.name === shared?.name);
    const begun = log.of(chain.arm.name, chain.seed).length > 0;
    if (shared !== undefined && after === undefined && !begun && !(await exists(firstCycle!))) {
      after = shared;
      pieces.push(shared);
    }
    const name = `${chain.arm.name}, seed ${chain.seed}`;
    pieces.push({ name, arm: chain.arm.name, chain, isFirstCycle: false, firstCycle, after });
  }
  return pieces;
}

/** The first cycle `chain` shares with other arms, carried out as that of the first of them; undefined when it shares none. */
function firstCycleOf(recipe: Recipe, { arm, seed }: Chain): Piece | undefined {
  const names = sharedFirstCycles(recipe).find((group) => group.includes(arm.name));
  const first = recipe.arms.find(({ name }) => name === names?.[0]);
  if (names === undefined || first === undefined) return undefined;
  const together = names.join(" + ");
  return {
    name: `${together}, seed ${seed}`,
    arm: together,
    chain: { arm: first, seed },
    isFirstCycle: true,
    firstCycle: undefined,
    after: undefined,
  };
}

/** The cycles a piece has: the first alone, or all the recipe asks for. */
export function cyclesOf(piece: Piece, recipe: Recipe): number {
  return piece.isFirstCycle ? 1 : recipe.labelling.cycles;
}

/** Cycles of `piece` that were finished in earlier sessions. */
export function finishedBefore(piece: Piece, recipe: Recipe, log: CycleLog): number {
  if (piece.isFirstCycle) return 0;
  const lines = log.of(piece.chain.arm.name, piece.chain.seed);
  return isFinished(lines, recipe.labelling) ? recipe.labelling.cycles : lines.length;
}

/** Names one cycle of a piece to `estimateTime`'s outcome. */
export function cycleKey(piece: Piece, cycle: number): string {
  return `${piece.name}, cycle ${cycle}`;
}

/** Names the choice of a seed's first items by a strategy. */
export function firstItemsKey({ chain: { seed } }: Piece): string {
  return `first items, seed ${seed}`;
}

/** To score a picture takes about a third of what it takes to train on one. */
const scoringWeight = 1 / 3;

/** The first items of a seed as a strategy chooses them, in training steps; nothing where they are random. */
function firstItemsWeight({ labelling, training }: Recipe, poolSize: number): number {
  if ((labelling.initialStrategy ?? "random") === "random") return 0;
  return (scoringWeight * Math.min(labelling.subset ?? poolSize, poolSize)) / training.batch;
}

/** A training that was carried out for several arms weighs once, and so does the choice of a seed's first items. */
export function estimateTime(
  pieces: readonly Piece[],
  recipe: Recipe,
  poolSize: number,
  log: CycleLog,
  nowSeconds: () => number,
): TimeLeft {
  const fresh = pieces.filter((piece) => finishedBefore(piece, recipe, log) === 0);
  const weights = new Map(fresh.map((piece) => [firstItemsKey(piece), firstItemsWeight(recipe, poolSize)]));
  const finished: string[] = [];
  for (const piece of pieces) {
    const before = finishedBefore(piece, recipe, log);
    for (let cycle = 0; cycle < cyclesOf(piece, recipe); cycle++) {
      const copied = cycle === 0 && piece.firstCycle !== undefined;
      weights.set(cycleKey(piece, cycle), copied ? 0 : expectedSteps(recipe, piece.chain.arm, cycle));
      if (cycle < before) finished.push(cycleKey(piece, cycle));
    }
  }
  return createTimeLeft(weights, finished, nowSeconds);
}
