// One call's part of a run: what is left to do is done, and however that ends, manifest and results say how far it got.
import { rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ForelossError, InterruptedError } from "../../core/errors.ts";
import type { Session } from "../../records/manifest.ts";
import type { Recipe } from "../../records/recipe.ts";
import type { Results } from "../../records/results.ts";
import { writeFileAtomic } from "../../records/write-file-atomic.ts";
import { isFinished } from "./chain.ts";
import type { CycleLog } from "./cycle-log.ts";
import { firstBatches } from "./first-batches.ts";
import { identityOf, writeManifest } from "./manifest-file.ts";
import { estimateTime, finishedBefore, type Piece, planPieces } from "./pieces.ts";
import { type Chain, chainsOf, sharedFirstCycles } from "./portion.ts";
import { resultsOf } from "./results-file.ts";
import { discard, type RunFolder } from "./run-folder.ts";
import type { RunOptions } from "./run-options.ts";
import { type Failure, runTasks, type Task } from "./tasks.ts";
import { carryOutPiece, place, type Work } from "./work.ts";

/** A run as one call sees it: `chains` are what the call asks for, the rest is about the whole run. */
export interface Run {
  readonly recipe: Recipe;
  readonly options: RunOptions;
  readonly chains: readonly Chain[];
  readonly folder: RunFolder;
  readonly log: CycleLog;
}

/** Nothing is noted about a session that has nothing to do; it only puts the results in order. */
export async function carryOutSession(run: Run, earlier: readonly Session[]): Promise<Results> {
  if (run.chains.every((chain) => isDone(run, chain))) {
    await carryOutPieces(run, earlier);
    return handOverResults(run, earlier);
  }
  const session = beginSession(run);
  await noteSessions(run, [...earlier, session]);
  const end = async (outcome: Session["outcome"]) => {
    const ended = [...earlier, { ...session, ended: new Date().toISOString(), outcome }];
    await noteSessions(run, ended);
    return handOverResults(run, ended);
  };
  let failures: readonly Failure[];
  try {
    failures = await carryOutPieces(run, [...earlier, session]);
  } catch (error) {
    await end(error instanceof InterruptedError ? "interrupted" : "failed");
    throw error instanceof InterruptedError ? interrupted(run) : error;
  }
  const results = await end(failures.length === 0 ? "finished" : "failed");
  if (failures.length > 0) throw failedArms(failures, run);
  return results;
}

async function carryOutPieces(run: Run, sessions: readonly Session[]): Promise<readonly Failure[]> {
  const { recipe, options, folder, log } = run;
  const nowSeconds = () => performance.now() / 1000;
  const pieces = await planPieces(recipe, run.chains, folder, log);
  const timeLeft = estimateTime(pieces, recipe, options.dataset.train.ids.length, log, nowSeconds);
  const onEvent = options.onEvent ?? (() => undefined);
  const firstBatch = firstBatches({ ...options, recipe, folder });
  const work: Work = { ...run, ...options, folder, timeLeft, firstBatch, onEvent, nowSeconds };
  tellResumed(work, pieces);
  const tasks = new Map<Piece, Task>();
  for (const piece of pieces) {
    tasks.set(piece, {
      name: piece.name,
      after: piece.after && tasks.get(piece.after),
      run: (signal) => carryOutTold(run, work, piece, sessions, signal),
    });
  }
  const failures = await runTasks([...tasks.values()], options.jobs ?? 1, options.signal);
  await discardFirstCycles(run);
  return failures;
}

/** Carries out a piece; a failure is told at once, the results after every chain. */
async function carryOutTold(run: Run, work: Work, piece: Piece, sessions: readonly Session[], signal: AbortSignal) {
  try {
    await carryOutPiece(work, piece, signal);
  } catch (error) {
    if (error instanceof ForelossError && !(error instanceof InterruptedError)) tellFailed(work, piece, error);
    throw error;
  }
  if (!piece.isFirstCycle) await writeResults(run, sessions);
}

function tellFailed(work: Work, piece: Piece, error: ForelossError): void {
  const cycle = finishedBefore(piece, work.recipe, work.log);
  const overall = work.timeLeft.now();
  const nothing = { done: null, total: null, overall };
  work.onEvent({ kind: "failed", ...place(work, piece), cycle, ...nothing, problem: error.message });
}

function tellResumed(work: Work, pieces: readonly Piece[]): void {
  for (const piece of pieces) {
    const cycle = finishedBefore(piece, work.recipe, work.log);
    const nothing = { done: null, total: null, overall: work.timeLeft.now() };
    if (cycle > 0) work.onEvent({ kind: "resumed", ...place(work, piece), cycle, ...nothing });
  }
}

function isDone({ log, recipe }: Run, { arm, seed }: Chain): boolean {
  return isFinished(log.of(arm.name, seed), recipe.labelling);
}

/** A first cycle that arms share is kept until each of them, in whatever call, has gone beyond it. */
async function discardFirstCycles(run: Run): Promise<void> {
  const { recipe, folder, log } = run;
  const chains = chainsOf(recipe);
  for (const names of sharedFirstCycles(recipe)) {
    for (const first of chains.filter(({ arm }) => arm.name === names[0])) {
      if (!names.every((name) => log.of(name, first.seed).length > 0)) continue;
      await discard(folder.firstCycle(first));
      await rmdir(dirname(folder.firstCycle(first))).catch(() => undefined); // others may still stand in it
    }
  }
}

function beginSession({ options, chains }: Run): Session {
  const { command, machine, foreloss } = options;
  return {
    command,
    machine,
    node: process.version,
    foreloss,
    arms: [...new Set(chains.map(({ arm }) => arm.name))],
    seeds: [...new Set(chains.map(({ seed }) => seed))],
    started: new Date().toISOString(),
    ended: null,
    outcome: null,
  };
}

async function noteSessions({ recipe, options, folder }: Run, sessions: readonly Session[]): Promise<void> {
  await writeManifest(folder.manifest, {
    version: 1,
    ...identityOf(recipe, options),
    sharedFirstCycles: sharedFirstCycles(recipe),
    sessions: [...sessions],
  });
}

async function writeResults(run: Run, sessions: readonly Session[]): Promise<Results> {
  const { recipe, options, folder, log } = run;
  const { dataset, engine, metric } = options;
  const about = {
    name: dataset.name,
    digest: dataset.digest,
    classes: dataset.classNames,
    train: dataset.train.ids.length,
    test: dataset.test.ids.length,
  };
  const complete = chainsOf(recipe).every((chain) => isDone(run, chain));
  const results = resultsOf(recipe, { dataset: about, engine, metric }, log, sessions, complete);
  await writeFileAtomic(folder.results, `${JSON.stringify(results, null, 1)}\n`);
  return results;
}

async function handOverResults(run: Run, sessions: readonly Session[]): Promise<Results> {
  const results = await writeResults(run, sessions);
  await run.options.onResults?.(results);
  return results;
}

function interrupted({ options, log }: Run): InterruptedError {
  const finished = log.lines.length === 1 ? "1 finished cycle is" : `${log.lines.length} finished cycles are`;
  return new InterruptedError(`${options.folder}: stopped; ${finished} kept`, {
    hint: "the same command goes on from here",
  });
}

function failedArms(failures: readonly Failure[], { options }: Run): ForelossError {
  const lines = failures.map(({ task, error }) => `${task.name}: ${error.message}`);
  const hint = [...new Set(failures.flatMap(({ error }) => error.hint ?? []))].join("; ");
  const message = `${options.folder}: not all arms could be carried out\n${lines.join("\n")}`;
  return new ForelossError(message, { cause: failures[0]?.error, ...(hint !== "" && { hint }) });
}
