// The thread that learners and scorers run in: engines block the thread they are called from.
import { parentPort, workerData } from "node:worker_threads";
import { openDataset, type PersonBoxes } from "../datasets/index.ts";
import { nativeJpegs } from "../engine/backends/native/index.ts";
import { taskFor } from "../tasks/task-for.ts";
import { type EngineSpec, openEngine } from "./engines.ts";
import type { LearnerSpec } from "./learner-spec.ts";
import { measureTrainingStep } from "./measure.ts";
import { type Methods, serve } from "./rpc.ts";
import { openScorer, type PicturesToScore, type Scorer, type ScorerSpec } from "./scorer.ts";
import { Trainer } from "./trainer.ts";

/** What a worker is started for. */
export type WorkerPurpose =
  | { readonly kind: "learner"; readonly spec: LearnerSpec }
  | { readonly kind: "scorer"; readonly spec: ScorerSpec }
  | { readonly kind: "measurement"; readonly engine: EngineSpec };

async function methodsFor(purpose: WorkerPurpose): Promise<Methods> {
  switch (purpose.kind) {
    case "learner":
      return learnerMethods(await openTrainer(purpose.spec));
    case "scorer":
      return scorerMethods(await openScorer(purpose.spec));
    case "measurement":
      return {
        measure: () => openEngine(purpose.engine.name, purpose.engine).then((engine) => measureTrainingStep(engine)),
      };
  }
}

async function openTrainer(spec: LearnerSpec): Promise<Trainer> {
  const { dataFolder, survey } = spec;
  const dataset = await openDataset(spec.dataset, { dataFolder, survey, jpegs: nativeJpegs() });
  const task = taskFor(spec.model, dataset);
  return await Trainer.open({ spec, dataset, task, backend: await openEngine(spec.engine.name, spec.engine) });
}

function learnerMethods(trainer: Trainer): Methods {
  return {
    fit: ({ report, signal }, items: Parameters<Trainer["fit"]>[0], cycle: number) =>
      trainer.fit(items, { cycle, onProgress: report, signal }),
    infer: ({ report, signal }, items: Parameters<Trainer["infer"]>[0], signals: Parameters<Trainer["infer"]>[1]) =>
      trainer.infer(items, signals, { onProgress: report, signal }),
    draw: ({ signal }, items: Parameters<Trainer["draw"]>[0]) => trainer.draw(items, { signal }),
    decided: () => trainer.decided(),
    save: (_, path: string) => trainer.save(path),
    restore: (_, path: string) => trainer.restore(path),
    close: () => trainer.close(),
  };
}

/** `open` a folder, then `score` what lies in it. */
function scorerMethods(scorer: Scorer): Methods {
  let pictures: PicturesToScore | undefined;
  return {
    open: async ({ report, signal }, folder: string, persons?: PersonBoxes) => {
      pictures = await scorer.open(folder, { persons, onProgress: report, signal });
      return pictures.skipped;
    },
    score: async ({ report, signal }) => {
      if (pictures === undefined) throw new Error("scorer: no folder is open");
      return await scorer.score(pictures, { onProgress: report, signal });
    },
  };
}

/** Until everything is open calls wait; a failure to open is the answer to each. */
const opening = methodsFor(workerData as WorkerPurpose);
opening.catch(() => undefined);
serve(
  parentPort!,
  new Proxy({} as Methods, {
    get:
      (_, method: string) =>
      async (context: never, ...values: never[]) => {
        const methods = await opening;
        if (method === "ready") return undefined;
        return await methods[method]!(context, ...values);
      },
  }),
);
