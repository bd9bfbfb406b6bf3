// Carrying out one piece of a run: a learner is made, its trainings are kept, the loop goes over it, and what happens is
// logged and told.
import { createRandom } from "../../core/random.ts";
import type { Dataset } from "../../datasets/dataset.ts";
import type { FirstBatch } from "../../loop/first-batch.ts";
import type { Learner } from "../../loop/learner.ts";
import type { CycleProgress } from "../../loop/run-cycles.ts";
import type { ArmRecipe, Recipe } from "../../records/recipe.ts";
import { strategyNamed } from "../../strategies/index.ts";
import type { LearnerTraining } from "../../training/learner-spec.ts";
import { type ChainWork, carryOutChain, isFinished } from "./chain.ts";
import type { CycleLog } from "./cycle-log.ts";
import type { RunEvent } from "./events.ts";
import { keepNewest, keepTrainings } from "./kept-learner.ts";
import { pictureGroups } from "./picture-groups.ts";
import { cycleKey, cyclesOf, firstItemsKey, type Piece } from "./pieces.ts";
import { trainingOf } from "./portion.ts";
import { recordOf } from "./results-file.ts";
import type { RunFolder } from "./run-folder.ts";
import type { TimeLeft } from "./time-left.ts";

/** What a learner is made for. */
export interface LearnerRequest {
  readonly recipe: Recipe;
  readonly arm: ArmRecipe;
  readonly seed: number;
  readonly training: LearnerTraining;
  readonly dataset: Dataset<unknown>;
  /**
   * A folder, which may not exist, where the learner may keep the progress of a training for the case that it is killed
   * in it. Names that begin with `cycle-`, and `.*.tmp`, are taken. What it finds there it must check against the cycle
   * that is asked for, and delete when that training is over.
   */
  readonly workFolder: string;
}

/** Makes the learner of one arm and seed. The same request must give a learner that does the same. */
export type LearnerFactory = (request: LearnerRequest) => Promise<Learner>;

export interface Work {
  readonly recipe: Recipe;
  readonly dataset: Dataset<unknown>;
  readonly folder: RunFolder;
  readonly log: CycleLog;
  readonly timeLeft: TimeLeft;
  readonly createLearner: LearnerFactory;
  /** How the first items of a seed are chosen; undefined is at random. */
  readonly firstBatch: (seed: number, signal: AbortSignal) => FirstBatch | undefined;
  readonly onEvent: (event: RunEvent) => void;
  readonly nowSeconds: () => number;
}

/** Does what is left of a piece. */
export async function carryOutPiece(work: Work, piece: Piece, signal: AbortSignal): Promise<void> {
  const { recipe, dataset, log } = work;
  const { arm, seed } = piece.chain;
  const folder = piece.isFirstCycle ? work.folder.firstCycle(piece.chain) : work.folder.chain(piece.chain);
  const training = trainingOf(recipe, arm);
  const finished = piece.isFirstCycle ? [] : log.of(arm.name, seed);
  if (!isFinished(finished, recipe.labelling)) {
    const learner = await work.createLearner({ recipe, arm, seed, training, dataset, workFolder: folder });
    try {
      await carryOutChain({
        learner: keepTrainings(learner, { folder, firstCycle: piece.firstCycle, start: training.start }),
        strategy: strategyNamed(arm.strategy),
        groupOf: pictureGroups(recipe, dataset),
        firstBatch: work.firstBatch(seed, signal),
        labelling: { ...recipe.labelling, cycles: cyclesOf(piece, recipe) },
        train: dataset.train,
        random: createRandom(seed),
        noted: training.lossPrediction === null ? ["entropy"] : ["predictedLoss", "entropy"],
        finished,
        ...reporting(work, piece),
        nowSeconds: work.nowSeconds,
        signal,
      });
    } finally {
      await learner.close();
    }
  }
  await keepNewest(folder, 1);
}

/** Tells how a piece goes on, and logs its cycles unless they are those of several arms. */
function reporting(work: Work, piece: Piece): Pick<ChainWork, "onCycle" | "onProgress"> {
  const { arm, seed } = { arm: piece.chain.arm.name, seed: piece.chain.seed };
  return {
    onProgress: (progress) => tellProgress(work, piece, progress),
    async onCycle(finished) {
      const overall = work.timeLeft.reach(cycleKey(piece, finished.cycle), 1);
      if (piece.isFirstCycle) return;
      const line = { arm, seed, ...finished };
      const before = work.log.of(arm, seed).map(recordOf);
      await work.log.append(line);
      const at = { kind: "cycle", ...place(work, piece), cycle: finished.cycle } as const;
      work.onEvent({ ...at, done: null, total: null, overall, records: [...before, recordOf(line)] });
    },
  };
}

function tellProgress(work: Work, piece: Piece, { cycle, phase, done, total }: CycleProgress): void {
  if (phase === "answer" || (phase === "draw" && done === null)) return;
  const reached = total ? (done ?? 0) / total : 0;
  const ofFirstItems = work.timeLeft.reach(firstItemsKey(piece), phase === "draw" ? reached : 1);
  const ofCycle = () => work.timeLeft.reach(cycleKey(piece, cycle), phase === "pick" ? 1 : reached);
  // Scoring alone, with all that is set up before it, says little of how long trainings take.
  const overall = phase === "draw" ? { ...ofFirstItems, secondsLeft: null } : ofCycle();
  work.onEvent({ kind: phase, ...place(work, piece), cycle, done, total, overall });
}

type Place = Pick<RunEvent, "arm" | "seed" | "cycles" | "members">;

export function place({ recipe }: Pick<Work, "recipe">, piece: Piece): Place {
  const { arm, seed } = piece.chain;
  return { arm: piece.arm, seed, cycles: cyclesOf(piece, recipe), members: arm.members ?? 1 };
}
