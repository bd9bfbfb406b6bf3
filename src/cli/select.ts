// `foreloss select`: turns scores, probabilities or embeddings (ours or another model's) into picks. Needs no model and no
// pictures.
import { dirname, join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { ForelossError, UsageError } from "../core/errors.ts";
import { scalarSignals } from "../core/signals.ts";
import { columnName } from "../records/score-table.ts";
import { writeFileAtomic } from "../records/write-file-atomic.ts";
import { type Strategy, strategyNamed } from "../strategies/index.ts";
import { declareCommand } from "./command.ts";
import { counting, longWork } from "./long-work.ts";
import { byteSize, integer, positiveInteger } from "./options.ts";
import { type Choice, type Chosen, inputsOf, type TypedInputs } from "./select/choice.ts";
import { choose } from "./select/choose.ts";
import { describeInputs, digestOfText, manifestOf, manifestPath, readManifest } from "./select/manifest.ts";
import { picksAsCsv, picksAsJson } from "./select/picks.ts";

interface SelectOptions {
  readonly strategy?: Strategy;
  readonly count?: number;
  readonly budget?: number;
  readonly seed: number;
  readonly out?: string;
  readonly replay?: string;
  readonly wholeGroups?: boolean;
  readonly nearest: boolean;
  readonly memory?: number;
  readonly json?: boolean;
  readonly scores?: string;
  readonly embeddings?: string;
  readonly probabilities?: string;
  readonly members?: string;
  readonly gradients?: readonly string[];
  readonly ids?: string;
  readonly groups?: string;
  readonly costs?: string;
  readonly labelledEmbeddings?: string;
  readonly labelledIds?: string;
  readonly labelledProbabilities?: string;
  readonly labelledClasses?: string;
  readonly labelledItems?: string;
}

export function addSelectCommand(program: Command): void {
  const command = declareCommand(program, {
    usage: "select [table]",
    summary: "choose what to label next from scores, probabilities or embeddings of any model",
    details: `Files are .npy, .npz, .parquet, .arrow, .feather or .csv, one row per item; an array or columns of a file are named behind a #, as pool.npz#embeddings or pool.parquet#p*. [table] is the same as --scores: a table with columns of signals (${scalarSignals.map(columnName).join(", ")}), higher meaning "ask sooner", as \`foreloss score\` writes it.`,
    examples: [
      "foreloss select scores.csv --strategy learned-loss --count 100 --out picks.csv",
      "foreloss select --probabilities pool.npy --strategy margin --count 100",
      "foreloss select --embeddings pool.npy --labelled labelled.npy --strategy core-set --count 100 --out picks.csv",
      "foreloss select --embeddings huge.npy --strategy core-set --count 1000 --memory 2GB --out picks.csv",
      "foreloss select --replay picks.manifest.json",
    ],
  })
    .option(
      "-s, --strategy <name>",
      "how to choose: random, entropy, margin, core-set, learned-loss, ...",
      parseStrategy,
    )
    .option("-n, --count <n>", "how many items to pick", positiveInteger)
    .option("--budget <cost>", "instead of --count: what the picks may cost together", positiveNumber)
    .option(
      "--whole-groups",
      "count groups (--groups), such as pictures of several persons, and pick all items of each",
    )
    .option("--seed <n>", "seed of everything random, ties among it", integer, 0)
    .option(
      "-o, --out <file>",
      "write the picks there, as CSV or JSON by its ending, and a manifest beside (default: print)",
    )
    .option("--json", "print the picks as JSON")
    .option("--no-nearest", "do not look for the labelled item and the earlier pick nearest to each pick")
    .option(
      "--memory <size>",
      "what embeddings may take, e.g. 2GB: core-set chooses from larger ones in parts that fit (default: what is free)",
      byteSize,
    )
    .option("--replay <manifest>", "repeat a choice, bit for bit, from the manifest it left");
  addFileOptions(command).action(select);
}

function addFileOptions(command: Command): Command {
  return command
    .option("--scores <file>", "one score per item, or a table of them")
    .option("--probabilities <file>", "class probabilities [items, classes]")
    .option("--members <file>", "those of an ensemble, or of passes with dropout [members, items, classes]")
    .option("--embeddings <file>", "vectors [items, dimensions]")
    .option(
      "--gradients <files...>",
      "gradients of the last layer as two factors: [items, classes] [items, dimensions]",
    )
    .option("--ids <file or column>", "names of the items (default: column item or id, or else row numbers)")
    .option("--groups <file or column>", "items of one group are near-duplicates of each other")
    .option("--costs <file or column>", "what labelling each item takes, in seconds or any other unit")
    .option("--labelled, --labelled-embeddings <file>", "vectors of what is labelled already")
    .option("--labelled-ids <file or column>", "names of these")
    .option("--labelled-probabilities <file>", "class probabilities of these")
    .option("--labelled-classes <file or column>", "class indices of these")
    .option("--labelled-items <file>", "instead: names of items in the pool's own files that are labelled already");
}

function parseStrategy(name: string): Strategy {
  try {
    return strategyNamed(name);
  } catch (error) {
    if (error instanceof ForelossError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("It needs a number above 0.");
  }
  return value;
}

async function select(table: string | undefined, options: SelectOptions): Promise<void> {
  if (options.replay !== undefined) await replay(options.replay, table, options);
  else await selectAnew(choiceOf(table, options), options);
}

async function selectAnew(choice: Choice, { out, json = false }: SelectOptions): Promise<void> {
  const inputs = out === undefined ? [] : await describeInputs(choice, manifestPath(out));
  const chosen = await carriedOut(choice);
  const { picks } = chosen;
  if (out !== undefined) {
    const text = written(out, choice, chosen);
    const manifest = manifestOf(choice, chosen, inputs, { out, text });
    await writeFileAtomic(out, text);
    await writeFileAtomic(manifestPath(out), `${JSON.stringify(manifest, null, 2)}\n`);
  }
  if (json) console.log(picksAsJson(choice.strategy.name, picks));
  else if (out === undefined) process.stdout.write(picksAsCsv(picks));
  else console.log(`${picks.length} of ${chosen.items} items picked by ${choice.strategy.name}: ${out}`);
}

async function carriedOut(choice: Choice): Promise<Chosen> {
  return await longWork((progress, abort) =>
    choose(choice, { abort, onRows: counting(progress, "row"), note: progress.note }),
  );
}

function written(out: string, { strategy }: Choice, { picks }: Chosen): string {
  return /\.json$/i.test(out) ? `${picksAsJson(strategy.name, picks)}\n` : picksAsCsv(picks);
}

/** Chooses again, and writes the picks only when they are those of then. */
async function replay(path: string, table: string | undefined, options: SelectOptions): Promise<void> {
  if (
    table !== undefined ||
    options.strategy !== undefined ||
    options.count !== undefined ||
    options.memory !== undefined
  ) {
    throw new UsageError("--replay: strategy, count, memory and files are those of the manifest; leave them out");
  }
  const { choice, manifest } = await readManifest(path);
  const out = options.out ?? join(dirname(path), manifest.picks.file);
  const chosen = await carriedOut(choice);
  const text = written(manifest.picks.file, choice, chosen);
  if (digestOfText(text) !== manifest.picks.sha256) {
    throw new ForelossError(
      `${path}: the picks come out differently now, so nothing was written; they were made by foreloss ${manifest.foreloss}`,
    );
  }
  await writeFileAtomic(out, text);
  console.log(
    `${chosen.picks.length} of ${chosen.items} items picked by ${choice.strategy.name}, the same as then: ${out}`,
  );
}

function choiceOf(table: string | undefined, options: SelectOptions): Choice {
  const { strategy, count = null, wholeGroups = false, budget = null, seed, nearest, memory = null } = options;
  if (strategy === undefined) throw new UsageError("--strategy is missing; say how to choose, e.g. --strategy margin");
  if ((count === null) === (budget === null))
    throw new UsageError("give --count, or --budget with --costs: one of the two");
  if (wholeGroups && count === null) throw new UsageError("--whole-groups counts groups: give --count, not --budget");
  if (table !== undefined && options.scores !== undefined) throw new UsageError("give the table of scores once");
  if (options.gradients !== undefined && options.gradients.length !== 2) {
    throw new UsageError(`--gradients: ${options.gradients.length} files; two are needed, the factors left and right`);
  }
  refuseLabelledTwice(options);
  const inputs = inputsOf(typedInputs(table, options));
  return { strategy, count, wholeGroups, budget, seed, nearest, memoryBytes: memory, partition: null, inputs };
}

function refuseLabelledTwice({ labelledItems, ...options }: SelectOptions): void {
  const { labelledEmbeddings, labelledIds, labelledProbabilities, labelledClasses } = options;
  const files = {
    labelled: labelledEmbeddings,
    "labelled-ids": labelledIds,
    "labelled-probabilities": labelledProbabilities,
  };
  const given = Object.entries({ ...files, "labelled-classes": labelledClasses }).find(
    ([, file]) => file !== undefined,
  );
  if (labelledItems === undefined || given === undefined) return;
  throw new UsageError(
    `--${given[0]} and --labelled-items: what is labelled lies in files of its own or in the pool's; give one of the two`,
  );
}

function typedInputs(table: string | undefined, options: SelectOptions): TypedInputs {
  const { embeddings, probabilities, members, gradients, ids, groups, costs } = options;
  const all = {
    scores: table ?? options.scores,
    ...{ embeddings, probabilities, members, gradients, ids, groups, costs },
    labelled: options.labelledEmbeddings,
    "labelled-ids": options.labelledIds,
    "labelled-probabilities": options.labelledProbabilities,
    "labelled-classes": options.labelledClasses,
    "labelled-items": options.labelledItems,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
