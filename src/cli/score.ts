// `foreloss score`: looks at a folder of unlabelled pictures with a saved model and writes what it thinks of each.
import type { Command } from "commander";
import { counted } from "../core/counted.ts";
import { encodeNpy } from "../records/npy.ts";
import { formatScoreTable, type ScoreTable, scoreRecords } from "../records/score-table.ts";
import { writeFileAtomic } from "../records/write-file-atomic.ts";
import type { Scores } from "../training/scorer.ts";
import { declareCommand } from "./command.ts";
import { addPersonBoxesOptions, type PersonBoxesOptions, personBoxesOf } from "./label-options.ts";
import { counting, longWork } from "./long-work.ts";
import { addEngineOptions, type EngineOptions } from "./options.ts";
import { skippedNote } from "./run-words.ts";
import { engineLine, takeEngine } from "./taken-engine.ts";

interface ScoreOptions extends EngineOptions, PersonBoxesOptions {
  readonly model: string;
  readonly out?: string;
  readonly embeddings?: string;
  readonly json?: boolean;
}

export function addScoreCommand(program: Command): void {
  const command = declareCommand(program, {
    usage: "score <folder>",
    summary: "score unlabelled pictures with a saved model",
    details:
      'Makes a table of all pictures below <folder>: item, predicted_loss, entropy, margin, least_confidence (higher means "ask sooner"), predicted_class (of a detector predicted_objects, of a pose net predicted_joints). For a pose net a picture is one person, unless --boxes says where the persons are: boxes of the class person, or all where there is one class, in COCO, YOLO or Pascal VOC. Each is then an item, 0001.jpg#2, with a column picture to group by.',
    examples: [
      "foreloss score unlabelled --model model --out scores.csv",
      "foreloss score unlabelled --model model --out scores.csv --embeddings pool.npy",
      "foreloss score unlabelled --model pose --boxes persons.json --out scores.csv",
    ],
  })
    .requiredOption("-m, --model <path>", "what `foreloss train` or a run saved: model.safetensors or its folder")
    .option("-o, --out <file>", "write the table there as CSV (default: print it)")
    .option("--embeddings <file.npy>", "write the embeddings there, one row per item, for core-set");
  addPersonBoxesOptions(command);
  addEngineOptions(command).option("--json", "print the table as JSON").action(score);
}

async function score(folder: string, options: ScoreOptions): Promise<void> {
  const { out, embeddings, json } = options;
  const scores = await scorePictures(folder, options);
  const table = tableOf(scores);
  if (embeddings !== undefined) await writeFileAtomic(embeddings, encodeNpy(scores.embedding));
  if (out !== undefined) await writeFileAtomic(out, formatScoreTable(table));
  if (json) console.log(JSON.stringify(scoreRecords(table), null, 2));
  else if (out === undefined) process.stdout.write(formatScoreTable(table));
  else console.log(`${whatWasScored(table)}: ${[out, embeddings].filter((file) => file !== undefined).join(", ")}`);
}

function whatWasScored({ ids, pictures }: ScoreTable): string {
  if (pictures === undefined) return `${counted(ids.length, "picture")} scored`;
  return `${counted(ids.length, "person")} scored in ${counted(new Set(pictures).size, "picture")}`;
}

async function scorePictures(folder: string, options: ScoreOptions): Promise<Scores> {
  const { checkpointPath } = await import("./checkpoint-path.ts");
  const { openWorker } = await import("../training/learner.ts");
  const persons = personBoxesOf(options);
  const checkpoint = await checkpointPath(options.model);
  const engine = await takeEngine(options);
  return await longWork(async (progress, signal) => {
    progress.note(engineLine(engine));
    const worker = await openWorker({ kind: "scorer", spec: { checkpoint, engine } });
    try {
      const opening = counting(progress, "looking at picture");
      const skipped = await worker.call<readonly string[]>("open", [folder, persons], { onProgress: opening, signal });
      for (const line of skippedNote(skipped)) progress.note(line);
      return await worker.call<Scores>("score", [], { onProgress: counting(progress, "scoring picture"), signal });
    } finally {
      await worker.close();
    }
  });
}

/** Where the words that a task has for what it saw stand in the table. */
const wordsOf = {
  classification: "predictedClasses",
  detection: "predictedObjects",
  pose: "predictedJoints",
} as const satisfies Record<Scores["task"], keyof ScoreTable>;

function tableOf(scores: Scores): ScoreTable {
  const { task, items, pictures, predictedLoss, entropy, margin, leastConfidence, predicted } = scores;
  const signals = { ...(predictedLoss === undefined ? {} : { predictedLoss }), entropy, margin, leastConfidence };
  return { ids: items, signals, ...(pictures && { pictures }), [wordsOf[task]]: predicted };
}
