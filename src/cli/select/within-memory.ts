// Whether a choice fits into the memory allowed by --memory, by the headers of its files, and what to do when it does not.
import { formatBytes } from "../../core/bytes.ts";
import { ForelossError } from "../../core/errors.ts";
import type { PoolSignal } from "../../core/signals.ts";
import { type ArrayFile, openNumbers, readTexts } from "../../records/arrays/array-file.ts";
import type { NumberRows } from "../../records/arrays/number-rows.ts";
import { freeBytes } from "../../records/arrays/read-array.ts";
import { type Choice, type Inputs, inputFile, refuseTooMany } from "./choice.ts";
import {
  bytesInParts,
  bytesPerItem,
  bytesPerNumber,
  type PartedWork,
  type Partition,
  partitionWithin,
  smallestPartition,
} from "./partition.ts";
import { rowsIn, type ScoreColumns, signalFile } from "./signal-files.ts";

/** The parts to choose in; null: all at once. Throws a `ForelossError` when the choice fits neither way. */
export async function partitionFor(
  choice: Choice,
  wanted: readonly PoolSignal[],
  scores: ScoreColumns,
): Promise<Partition | null> {
  const { memoryBytes, strategy, inputs } = choice;
  if (choice.partition !== null || memoryBytes === null) return choice.partition;
  const files = await Promise.all(poolFiles(inputs, wanted, scores).map(sizeOf));
  const whole = bytesAtOnce(files, await labelledSizes(inputs, wanted), inputs);
  if (whole <= memoryBytes) return null;
  const needed = `${files[0]?.where}: choosing by ${strategy.name} takes ${formatBytes(whole)}, --memory is ${formatBytes(memoryBytes)}`;
  if (strategy.inParts === undefined) throw new ForelossError(`${needed}; give --memory as much`, { hint: otherWays });
  const count = countOf(choice, needed);
  refuseTooMany(count, files[0]!.rows, choice);
  return partitionOf(await partedWork(files[0]!, inputs, count), memoryBytes);
}

const otherWays =
  "It looks at all items at once. core-set chooses in parts; entropy, margin and other strategies that score every item alone read a file piece by piece.";

interface Size extends Omit<NumberRows, "pieces"> {
  readonly rows: number;
}

async function sizeOf(file: ArrayFile): Promise<Size> {
  const source = await openNumbers(file);
  return { ...source, rows: await rowsIn(source) };
}

/** What a strategy holds in memory of the pool; groups are a number per item and not counted. */
function poolFiles(inputs: Inputs, wanted: readonly PoolSignal[], scores: ScoreColumns): ArrayFile[] {
  return wanted.flatMap((signal) => {
    if (signal === "group") return [];
    return signal === "gradientFactors" ? (inputs.gradients ?? []) : [signalFile(inputs, signal, scores).file];
  });
}

async function labelledSizes(inputs: Inputs, wanted: readonly PoolSignal[]): Promise<Size[]> {
  const embeddings = wanted.includes("embedding") ? (inputs.labelled ?? []) : [];
  return await Promise.all([...embeddings, ...(inputs["labelled-probabilities"] ?? [])].map(sizeOf));
}

/** Taking labelled items out of the pool's own arrays makes a second copy of them. */
function bytesAtOnce(pool: readonly Size[], labelled: readonly Size[], inputs: Inputs): number {
  const copies = inputs["labelled-items"] === undefined ? 1 : 2;
  const reading = Math.max(0, ...[...pool, ...labelled].map(({ readingBytes = 0 }) => readingBytes));
  return copies * arrayBytes(pool) + arrayBytes(labelled) + (pool[0]?.rows ?? 0) * bytesPerItem + reading;
}

function arrayBytes(sizes: readonly Size[]): number {
  return sizes.reduce((sum, { members, rows, columns }) => sum + members * rows * columns * bytesPerNumber, 0);
}

function countOf({ count, wholeGroups }: Choice, needed: string): number {
  if (count !== null && !wholeGroups) return count;
  const option = count === null ? "--budget" : "--whole-groups";
  throw new ForelossError(`${needed}; ${option} cannot be kept to in parts: give --memory as much, or --count alone`);
}

async function partedWork(pool: Size, inputs: Inputs, count: number): Promise<PartedWork> {
  const { rows: items, columns, readingBytes = 0 } = pool;
  return { items, columns, labelled: await labelledCount(inputs), count, readingBytes };
}

async function labelledCount(inputs: Inputs): Promise<number> {
  const names = inputFile(inputs, "labelled-items");
  if (names !== undefined) return (await readTexts(names)).length;
  const file = inputFile(inputs, "labelled");
  return file === undefined ? 0 : (await sizeOf(file)).rows;
}

function partitionOf(work: PartedWork, memoryBytes: number): Partition {
  const partition = partitionWithin(memoryBytes, work);
  if (partition === null) throw tooLittle(work, memoryBytes);
  const free = freeBytes();
  const taken = bytesInParts(work, partition.parts);
  if (taken <= free) return partition;
  throw new ForelossError(
    `--memory ${formatBytes(memoryBytes)}: a part would take ${formatBytes(taken)}, ${formatBytes(free)} are free; give less`,
  );
}

function tooLittle(work: PartedWork, memoryBytes: number): ForelossError {
  const { items, columns, labelled, count } = work;
  const { parts } = smallestPartition(work);
  const least = formatBytes(bytesInParts(work, parts));
  return new ForelossError(
    `--memory ${formatBytes(memoryBytes)}: too little to choose ${count} of ${items} x ${columns} embeddings beside ${labelled} labelled ones; ${least} in ${parts} parts is the least`,
    { hint: waysToLess(work) },
  );
}

function waysToLess({ readingBytes }: PartedWork): string {
  const fewer = "Fewer picks take less.";
  if (readingBytes === 0) return fewer;
  return `${fewer} ${formatBytes(readingBytes)} of it is for reading the file, whose groups of rows are read whole: write it with smaller ones (row_group_size in pyarrow).`;
}
