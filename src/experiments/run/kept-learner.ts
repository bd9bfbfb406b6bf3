// A learner whose trainings are kept on disk. The loop asks it to fit as if nothing had been done before; a training
// that a checkpoint holds is restored instead of carried out, so a run taken up again goes through the same calls.
import { cp, mkdir, readdir, readFile, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cohensKappa } from "../../core/agreement.ts";
import { ForelossError } from "../../core/errors.ts";
import type { FitOptions, FitReport, Learner } from "../../loop/learner.ts";
import { decisionsSchema, fitReportSchema } from "../../records/cycle-line.ts";
import { parseJson } from "../../records/parse-json.ts";
import { flushFolder, writeFileAtomic } from "../../records/write-file-atomic.ts";
import { discard, temporaryBeside } from "./run-folder.ts";

export interface KeptTrainings {
  /** Where the checkpoints `cycle-<n>` stand. */
  readonly folder: string;
  /** Checkpoint of the first cycle another training may have made; it is copied. */
  readonly firstCycle?: string | undefined;
  /** A warm start needs the weights of the cycle before. */
  readonly start: "cold" | "warm";
}

const reportName = "fit-report.json";
/** What the model decides about the held-out items, for the cycle after it. */
const decisionsName = "decisions.json";

/** The checkpoint of a cycle in a folder of checkpoints. */
export function checkpointOf(folder: string, cycle: number): string {
  return join(folder, `cycle-${cycle}`);
}

/** Wraps a learner that was just made. After each training the checkpoints of the two newest cycles are left. */
export function keepTrainings<Label>(learner: Learner<Label>, kept: KeptTrainings): Learner<Label> {
  let present: number | null = null; // the cycle whose weights the learner has
  return {
    ...delegated(learner),
    async fit(labelled, options) {
      const { cycle } = options;
      const path = checkpointOf(kept.folder, cycle);
      if (cycle === 0 && kept.firstCycle !== undefined) await copyCheckpoint(kept.firstCycle, path);
      if (await exists(path)) await learner.restore(path);
      else {
        if (kept.start === "warm" && cycle > 0 && present !== cycle - 1) await restoreBefore(learner, kept, cycle);
        const report = await checkedFit(learner, labelled, options);
        const decided = (await learner.decided?.()) ?? null;
        const before =
          decided === null || cycle === 0 ? null : await readDecisions(checkpointOf(kept.folder, cycle - 1));
        await saveCheckpoint(learner, path, { ...report, ...agreementOf(before, decided) }, decided);
      }
      present = cycle;
      await keepNewest(kept.folder, 2);
      return readReport(path); // as it is on the disk, so that a resumed run says exactly the same
    },
  };
}

function delegated<Label>(learner: Learner<Label>): Omit<Learner<Label>, "fit"> {
  return {
    infer: (items, signals, options) => learner.infer(items, signals, options),
    draw: async (items, options) => (await learner.draw?.(items, options)) ?? [],
    decided: async () => (await learner.decided?.()) ?? null,
    save: (path) => learner.save(path),
    restore: (path) => learner.restore(path),
    close: () => learner.close(),
  };
}

async function checkedFit<Label>(
  learner: Learner<Label>,
  labelled: Parameters<Learner<Label>["fit"]>[0],
  options: FitOptions,
): Promise<FitReport> {
  const report = await learner.fit(labelled, options);
  const problem = fitReportSchema.safeParse(report).error?.issues[0];
  if (problem === undefined) return report;
  const field = problem.path.join(".");
  const value = problem.path.reduce<unknown>((part, step) => Reflect.get(part as object, step), report);
  throw new ForelossError(`${field} of the training is ${String(value)}, not a number`, {
    hint: "lower training.learningRate in the recipe",
  });
}

async function restoreBefore<Label>(learner: Learner<Label>, kept: KeptTrainings, cycle: number): Promise<void> {
  const path = checkpointOf(kept.folder, cycle - 1);
  if (!(await exists(path)))
    throw new ForelossError(`${path}: the checkpoint is missing, and cycle ${cycle} starts from it`, {
      hint: "put it back, or start the run anew with --fresh",
    });
  await learner.restore(path);
}

/** Kappa of two models on the held-out items; nothing where it is not defined, or one of them is not known. */
function agreementOf(
  before: readonly number[] | null,
  now: readonly number[] | null,
): Pick<FitReport, "agreement"> | undefined {
  if (before === null || now === null) return undefined;
  const agreement = cohensKappa(before, now);
  return agreement === null ? undefined : { agreement };
}

async function saveCheckpoint<Label>(
  learner: Learner<Label>,
  path: string,
  report: FitReport,
  decided: readonly number[] | null,
): Promise<void> {
  const making = temporaryBeside(path);
  await mkdir(making, { recursive: true });
  await learner.save(making);
  await writeFileAtomic(join(making, reportName), `${JSON.stringify(report)}\n`);
  if (decided !== null) await writeFileAtomic(join(making, decisionsName), `${JSON.stringify(decided)}\n`);
  await putInPlace(making, path);
}

async function copyCheckpoint(from: string, to: string): Promise<void> {
  if ((await exists(to)) || !(await exists(from))) return;
  const making = temporaryBeside(to);
  await mkdir(dirname(to), { recursive: true });
  await cp(from, making, { recursive: true });
  await putInPlace(making, to);
}

async function putInPlace(making: string, path: string): Promise<void> {
  await rename(making, path);
  await flushFolder(dirname(path));
}

async function readReport(checkpoint: string): Promise<FitReport> {
  const path = join(checkpoint, reportName);
  const { data } = fitReportSchema.safeParse(parseJson(await readFile(path, "utf8"), path));
  if (data === undefined)
    throw new ForelossError(`${path}: is not a training's report; delete the folder it stands in and start again`);
  return data;
}

/** Null where the checkpoint is gone, or was made before decisions were kept. */
async function readDecisions(checkpoint: string): Promise<readonly number[] | null> {
  const path = join(checkpoint, decisionsName);
  if (!(await exists(path))) return null;
  const { data } = decisionsSchema.safeParse(parseJson(await readFile(path, "utf8"), path));
  if (data === undefined) throw new ForelossError(`${path}: is not a list of whole numbers; delete the file`);
  return data;
}

/** Deletes the checkpoints of all cycles but the `count` newest. */
export async function keepNewest(folder: string, count: number): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const cycles = names.flatMap((name) => /^cycle-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  for (const cycle of cycles.sort((a, b) => b - a).slice(count)) await discard(checkpointOf(folder, cycle));
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
