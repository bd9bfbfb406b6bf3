// From files to picks: reads what the strategy goes by, lets it choose, and finds out what speaks for each pick.
import { ForelossError, UsageError } from "../../core/errors.ts";
import { createRandom } from "../../core/random.ts";
import type { PoolSignal } from "../../core/signals.ts";
import { selectWholeGroups } from "../../strategies/batches/whole-groups.ts";
import type { Pool, Strategy } from "../../strategies/index.ts";
import { readPool } from "../../strategies/signals/read.ts";
import { checkInputFile } from "../input-file.ts";
import { selectWithin } from "./budget.ts";
import { type Choice, type Chosen, inputFile, type PickSignals, refuseTooMany, type Work } from "./choice.ts";
import { type ItemIds, readIds } from "./item-ids.ts";
import { loadPool } from "./load-pool.ts";
import { rankInParts } from "./rank-in-parts.ts";
import { explained, groupsAt, type Ranked } from "./reasons.ts";
import { readColumn, type ScoreColumns, scoreColumns, signalFile, signalsToRead } from "./signal-files.ts";
import { canStream, streamPicks } from "./stream-scores.ts";
import { isScalar } from "./wanted.ts";
import { partitionFor } from "./within-memory.ts";

/** Carries a choice out. Throws a `ForelossError` that names file and row for what is wrong with an input. */
export async function choose(choice: Choice, work: Work): Promise<Chosen> {
  const { inputs, strategy } = choice;
  for (const { path } of Object.values(inputs).flat()) await checkInputFile(path);
  const scores = await scoreColumns(inputs, strategy);
  const wanted = await signalsToRead(inputs, strategy, scores);
  const ids = await readIds(inputs);
  const ranked = await rank(choice, wanted, scores, ids, work);
  const { items, partition = null } = ranked;
  return { items, partition, picks: await explained(choice, ids, ranked, work.abort) };
}

async function rank(
  choice: Choice,
  wanted: readonly PoolSignal[],
  scores: ScoreColumns,
  ids: ItemIds,
  work: Work,
): Promise<Ranked> {
  const { strategy, count } = choice;
  if (strategy.score === undefined || count === null || !canStream(choice, wanted)) {
    const partition = await partitionFor(choice, wanted, scores);
    if (partition !== null) return await rankInParts(choice, partition, ids, choiceRandom(choice), work);
    return await rankInMemory(choice, wanted, scores, ids, work.abort);
  }
  const signal = wanted[0]!;
  const given = { signal, score: strategy.score, file: signalFile(choice.inputs, signal, scores), ids };
  const streamed = await streamPicks({ ...choice, count }, given, choiceRandom(choice), work);
  refuseTooMany(count, streamed.items, choice);
  const name = scoreName(strategy);
  return { ...streamed, signals: Array.from(streamed.scores, (score) => ({ [name]: score })) };
}

async function rankInMemory(
  choice: Choice,
  wanted: readonly PoolSignal[],
  scores: ScoreColumns,
  ids: ItemIds,
  abort: AbortSignal,
): Promise<Ranked> {
  const { strategy, count, wholeGroups, budget, inputs } = choice;
  const { pool, rows, labelledRows } = await loadPool(inputs, wanted, scores, ids);
  const items = pool.ids.length;
  if (count !== null && !wholeGroups) refuseTooMany(count, items, choice);
  if (items === 0) throw new ForelossError("there is no item to choose from");
  const random = () => choiceRandom(choice);
  const open = { strategy, pool, random, signal: abort };
  const pick = async () => {
    if (count === null) return await selectWithin(budget!, await costsOf(choice, rows, scores), open);
    if (wholeGroups) return await selectWholeGroups(open, await groupsOf(choice, rows), { count, of: "groups" });
    return await strategy.select(pool, count, random(), abort);
  };
  const picks = await pick();
  return {
    items,
    rows: picks.map((position) => rows[position]!),
    signals: signalsOf(strategy, pool, picks),
    labelledRows,
    labelled: pool.labelled,
  };
}

/** Names of the groups of the items in these rows. */
async function groupsOf({ inputs, count }: Choice, rows: Uint32Array): Promise<string[]> {
  const file = inputFile(inputs, "groups");
  if (file === undefined) {
    throw new UsageError("--whole-groups: which items belong together is not known; give --groups, a file or a column");
  }
  const groups = await groupsAt(file, rows);
  const all = new Set(groups).size;
  if (count! <= all) return groups;
  throw new ForelossError(`${file.path}: --count ${count}, but there are ${all} groups to choose from; ask for fewer`);
}

function choiceRandom({ seed }: Choice) {
  return createRandom(seed, "ties");
}

/** Costs of the items in these rows. */
async function costsOf({ inputs }: Choice, rows: Uint32Array, scores: ScoreColumns): Promise<Float32Array> {
  if (inputs.costs === undefined) {
    throw new UsageError("--budget: what an item costs is not known; give --costs, a file or a column of seconds");
  }
  const costs = await readColumn(signalFile(inputs, "cost", scores));
  const missing = rows.find((row) => row >= costs.length);
  if (missing === undefined) return Float32Array.from(rows, (row) => costs[row]!);
  throw new ForelossError(`${inputFile(inputs, "costs")!.path}: ${costs.length} rows, but there are more items`);
}

/** The scalar signals the strategy goes by, or else its own score. */
function signalsOf(strategy: Strategy, pool: Pool, picks: Uint32Array): PickSignals[] {
  const scalars = strategy.needs.filter(isScalar).map((signal) => [signal, readPool(pool, signal)] as const);
  const own = scalars.length === 0 && strategy.score !== undefined ? [["score", strategy.score(pool)] as const] : [];
  return Array.from(picks, (position) =>
    Object.fromEntries([...scalars, ...own].map(([name, values]) => [name, values[position]!])),
  );
}

function scoreName({ needs }: Strategy): keyof PickSignals {
  const [only, ...more] = needs;
  return only !== undefined && more.length === 0 && isScalar(only) ? only : "score";
}
