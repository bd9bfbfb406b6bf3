// What speaks for each pick beside its score: which labelled item and which earlier pick lies nearest, its group, its cost.

import { ForelossError } from "../../core/errors.ts";
import type { ItemId } from "../../core/item.ts";
import type { Matrix } from "../../core/signals.ts";
import { type ArrayFile, formatArrayFile, readTexts } from "../../records/arrays/array-file.ts";
import { checkFinite } from "../../records/arrays/number-rows.ts";
import type { Labelled } from "../../strategies/index.ts";
import { findNearest } from "../../strategies/kernels/nearest.ts";
import { type Pace, startPace } from "../../strategies/kernels/pace.ts";
import { squaredDistance } from "../../strategies/kernels/rows.ts";
import { type Choice, type ExplainedPick, type Inputs, inputFile, type Neighbour, type PickSignals } from "./choice.ts";
import { type ItemIds, idOf, labelledNames, readLabelledIds } from "./item-ids.ts";
import type { Partition } from "./partition.ts";
import { readMatrix, rowsAt } from "./signal-files.ts";

interface Named {
  readonly ids: readonly ItemId[];
  readonly embedding: Matrix;
}

/** The picks of a strategy before anything else is known of them. */
export interface Ranked {
  /** How many items there were to choose from. */
  readonly items: number;
  /** Rows of the picks in the files, best first. */
  readonly rows: Uint32Array;
  /** What the strategy went by, for each. */
  readonly signals: readonly PickSignals[];
  /** Rows that count as labelled because of --labelled-items. */
  readonly labelledRows: Uint32Array;
  /** Where the strategy needed the embeddings of the labelled items, these. */
  readonly labelled?: Labelled;
  /** Where the items were chosen from in parts. */
  readonly partition?: Partition;
}

/** The picks in order, with all that can be said of them. */
export async function explained(
  { inputs, nearest }: Choice,
  ids: ItemIds,
  ranked: Ranked,
  abort: AbortSignal,
): Promise<ExplainedPick[]> {
  const { rows, signals } = ranked;
  const groupFile = inputFile(inputs, "groups");
  const groups = groupFile === undefined ? undefined : await groupsAt(groupFile, rows);
  const costFile = inputFile(inputs, "costs");
  const costs = costFile === undefined ? undefined : (await rowsAt(costFile, rows)).values;
  const neighbours = nearest ? await neighboursOf(inputs, ids, ranked, abort) : [];
  return Array.from(rows, (row, at) => ({
    item: idOf(ids, row),
    signals: signals[at]!,
    ...neighbours[at],
    ...(groups === undefined ? {} : { group: groups[at]! }),
    ...(costs === undefined ? {} : { cost: costs[at]! }),
  }));
}

/** Names of the groups of the items in these rows. */
export async function groupsAt(file: ArrayFile, rows: Uint32Array): Promise<string[]> {
  const groups = await readTexts(file);
  return Array.from(rows, (row) => {
    if (row < groups.length) return groups[row]!;
    throw new ForelossError(`${formatArrayFile(file)}: has no row ${row}; one row per item is needed`);
  });
}

type Neighbours = Pick<ExplainedPick, "nearestLabelled" | "nearestPick">;

async function neighboursOf(inputs: Inputs, ids: ItemIds, ranked: Ranked, abort: AbortSignal): Promise<Neighbours[]> {
  const file = inputFile(inputs, "embeddings");
  if (file === undefined) return [];
  const own = await namedRows(file, ids, ranked.rows);
  const labelled = await labelledOf(inputs, ids, ranked, file);
  refuseOtherWidth(inputs, own.embedding, labelled.embedding);
  const pace = startPace("the nearest labelled item", abort);
  const labelledNeighbours = await nearestLabelledOf(own.embedding, labelled, pace);
  const found: Neighbours[] = [];
  for (let at = 0; at < own.ids.length; at++) {
    const nearestLabelled = labelledNeighbours[at];
    const nearestPick = nearestOf(own.embedding, at, own, at);
    found.push({ ...(nearestLabelled && { nearestLabelled }), ...(nearestPick && { nearestPick }) });
    if (pace.did(at * own.embedding.columns)) await pace.pause();
  }
  return found;
}

async function namedRows(file: ArrayFile, ids: ItemIds, rows: Uint32Array): Promise<Named> {
  return { ids: Array.from(rows, (row) => idOf(ids, row)), embedding: await rowsAt(file, rows) };
}

/** The labelled items with their embeddings: as the strategy had them, from a file of their own, or rows of the pool's. */
async function labelledOf(inputs: Inputs, ids: ItemIds, ranked: Ranked, file: ArrayFile): Promise<Named> {
  const { embedding } = ranked.labelled?.signals ?? {};
  if (embedding !== undefined) return { ids: ranked.labelled!.ids, embedding };
  const own = inputFile(inputs, "labelled");
  if (own === undefined) return await namedRows(file, ids, ranked.labelledRows);
  const read = await readMatrix({ file: own, check: checkFinite });
  return { ids: labelledNames((await readLabelledIds(inputs))?.list, read.rows), embedding: read };
}

function refuseOtherWidth(inputs: Inputs, own: Matrix, labelled: Matrix): void {
  if (labelled.rows === 0 || own.columns === labelled.columns) return;
  const file = formatArrayFile(inputFile(inputs, "labelled")!);
  throw new ForelossError(
    `${file}: ${labelled.columns} numbers per item, the pool has ${own.columns}; take both from the same model`,
  );
}

/** For every row the labelled item nearest to it, the first among equals; none where nothing is labelled. */
async function nearestLabelledOf(points: Matrix, { ids, embedding }: Named, pace: Pace): Promise<Neighbour[]> {
  if (embedding.rows === 0) return [];
  const nearest = new Uint32Array(points.rows);
  const distances = new Float64Array(points.rows);
  await findNearest({ points, centres: embedding, nearest, distances }, pace);
  return Array.from(nearest, (row, at) => ({ item: ids[row]!, distance: Math.sqrt(distances[at]!) }));
}

/** Of the first `count` items of `others` the one nearest to row `at`; the first among equals. */
function nearestOf(own: Matrix, at: number, { ids, embedding }: Named, count: number): Neighbour | undefined {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let other = 0; other < count; other++) {
    const distance = squaredDistance(own.values, at, embedding.values, other, own.columns, least);
    if (distance >= least) continue;
    best = other;
    least = distance;
  }
  return best < 0 ? undefined : { item: ids[best]!, distance: Math.sqrt(least) };
}
