// `foreloss select`: turns a table of scores (ours or another model's) into picks. Needs no model and no pictures.
import { type Command, InvalidArgumentError } from "commander";
import { ForelossError, UsageError } from "../core/errors.ts";
import { createRandom } from "../core/random.ts";
import { type Matrix, type ScalarSignal, type Signals, scalarSignals } from "../core/signals.ts";
import { formatCsv } from "../records/csv.ts";
import { decodeNpy } from "../records/npy.ts";
import { columnName, parseScoreTable, type ScoreTable, shortest } from "../records/score-table.ts";
import { writeFileAtomic } from "../records/write-file-atomic.ts";
import { type Pool, type Strategy, strategyNamed } from "../strategies/index.ts";
import { declareCommand } from "./command.ts";
import { readInput } from "./input-file.ts";
import { integer, positiveInteger } from "./options.ts";

interface SelectOptions {
  readonly strategy: Strategy;
  readonly count: number;
  readonly seed: number;
  readonly out?: string;
  readonly embeddings?: string;
  readonly labelledEmbeddings?: string;
  readonly json?: boolean;
}

/** One pick as it is printed; `signals` are those the strategy chose by. */
interface PickRow {
  readonly rank: number;
  readonly item: string;
  readonly signals: Readonly<Record<string, number>>;
}

export function addSelectCommand(program: Command): void {
  declareCommand(program, {
    usage: "select <table>",
    summary: "choose from a table of scores what to label next",
    details: `The table is CSV with a column item and one column per signal (${scalarSignals.map(columnName).join(", ")}), higher meaning "ask sooner": what \`foreloss score\` writes, or your own model.`,
    examples: [
      "foreloss select scores.csv --strategy learned-loss --count 100 --out picks.csv",
      'foreloss select scores.csv --strategy "subsample(10000, margin)" --count 100',
      "foreloss select scores.csv --strategy core-set --count 100 --embeddings pool.npy --labelled-embeddings labelled.npy",
    ],
  })
    .requiredOption(
      "-s, --strategy <name>",
      "how to choose: random, entropy, margin, core-set, learned-loss, ...",
      parseStrategy,
    )
    .requiredOption("-n, --count <n>", "how many items to pick", positiveInteger)
    .option("--seed <n>", "seed of everything random, ties among it", integer, 0)
    .option("-o, --out <file>", "write the picks there as CSV (default: print them)")
    .option("--embeddings <file.npy>", "one row of numbers per item of the table, for strategies that need them")
    .option("--labelled-embeddings <file.npy>", "the same for what is labelled already")
    .option("--json", "print the picks as JSON")
    .action(select);
}

function parseStrategy(name: string): Strategy {
  try {
    return strategyNamed(name);
  } catch (error) {
    if (error instanceof ForelossError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

async function select(path: string, options: SelectOptions): Promise<void> {
  const { strategy, count, out } = options;
  const needs = strategy.needs.filter((signal): signal is ScalarSignal => signal !== "embedding");
  const table = parseScoreTable(await readInput(path, "utf8"), path, needs);
  const positions = await strategy.select(await makePool(table, options), count, createRandom(options.seed, "ties"));
  const picks = Array.from(positions, (position, at) => pickRow(table, position, at + 1));
  if (out !== undefined) await writeFileAtomic(out, picksAsCsv(picks, needs));
  if (options.json) console.log(JSON.stringify({ strategy: strategy.name, picks }, null, 2));
  else if (out === undefined) process.stdout.write(picksAsCsv(picks, needs));
  else console.log(`${picks.length} of ${table.ids.length} items picked by ${strategy.name}: ${out}`);
}

async function makePool(table: ScoreTable, options: SelectOptions): Promise<Pool> {
  const { embeddings, labelledEmbeddings, strategy } = options;
  if (!strategy.needs.includes("embedding")) {
    return { ids: table.ids, signals: table.signals, labelled: { ids: [], signals: {} } };
  }
  if (embeddings === undefined) {
    throw new UsageError(
      `--embeddings: "${strategy.name}" needs one row of numbers per item; give them as a .npy file`,
      {
        hint: "foreloss score writes one with --embeddings pool.npy",
      },
    );
  }
  const embedding = await readMatrix(embeddings);
  if (embedding.rows !== table.ids.length) {
    throw new ForelossError(`${embeddings}: ${embedding.rows} rows, but the table has ${table.ids.length} items`);
  }
  const labelled = labelledEmbeddings === undefined ? undefined : await readMatrix(labelledEmbeddings);
  const signals: Signals = { ...table.signals, embedding };
  return {
    ids: table.ids,
    signals,
    labelled: labelled === undefined ? { ids: [], signals: {} } : labelledItems(labelled),
  };
}

/** Items whose names do not matter here: they are only named in messages. */
function labelledItems(embedding: Matrix): Pool["labelled"] {
  return { ids: Array.from({ length: embedding.rows }, (_, row) => `labelled row ${row + 1}`), signals: { embedding } };
}

async function readMatrix(path: string): Promise<Matrix> {
  return decodeNpy(await readInput(path), path);
}

function pickRow(table: ScoreTable, position: number, rank: number): PickRow {
  const signals = Object.entries(table.signals).map(([name, values]) => [name, shortest(values[position]!)]);
  return { rank, item: table.ids[position]!, signals: Object.fromEntries(signals) };
}

function picksAsCsv(picks: readonly PickRow[], signals: readonly ScalarSignal[]): string {
  const header = ["rank", "item", ...signals.map(columnName)];
  return formatCsv([
    header,
    ...picks.map((pick) => [pick.rank, pick.item, ...signals.map((name) => pick.signals[name]!)]),
  ]);
}
