// What fixes a choice: strategy, seed, how many, and the files. Comes from the command line, or from a manifest.
import { ForelossError, UsageError } from "../../core/errors.ts";
import type { ItemId } from "../../core/item.ts";
import type { ScalarSignal } from "../../core/signals.ts";
import { type ArrayFile, isArrayFile, parseArrayFile } from "../../records/arrays/array-file.ts";
import { type InputName, inputNames } from "../../records/selection.ts";
import type { Strategy } from "../../strategies/index.ts";
import type { Partition } from "./partition.ts";

/** Two files for `gradients`, one for every other. */
export type Inputs = { readonly [N in InputName]?: readonly ArrayFile[] };

export interface Choice {
  readonly strategy: Strategy;
  readonly seed: number;
  /** How many items to pick; null: as many as the budget allows. */
  readonly count: number | null;
  /** Whether `count` is one of groups, which are picked whole. */
  readonly wholeGroups: boolean;
  /** What the picks may cost together; null: it is not looked at. */
  readonly budget: number | null;
  /** Whether to say which labelled item and which earlier pick is nearest to each pick. */
  readonly nearest: boolean;
  /** What embeddings and the numbers beside them may take; null: what is free. */
  readonly memoryBytes: number | null;
  /** That of a choice that is repeated; null: as `memoryBytes` asks for it. */
  readonly partition: Partition | null;
  readonly inputs: Inputs;
}

/** How a choice is carried out. */
export interface Work {
  /** Ends it early, with an `InterruptedError`. */
  readonly abort: AbortSignal;
  /** Told how far a file that is read piece by piece is. */
  readonly onRows?: (done: number, total: number) => void;
  /** Told in one line what the user should know of the way it is done. */
  readonly note?: (line: string) => void;
}

/** What came of it. */
export interface Chosen {
  /** How many items there were to choose from. */
  readonly items: number;
  readonly picks: readonly ExplainedPick[];
  /** Null: the items were chosen from in one go. */
  readonly partition: Partition | null;
}

/** What the strategy went by: its signals, or the score it made of them. */
export type PickSignals = { readonly [S in ScalarSignal | "score"]?: number };

/** One pick with what speaks for it. */
export interface ExplainedPick {
  readonly item: ItemId;
  readonly signals: PickSignals;
  readonly nearestLabelled?: Neighbour;
  /** Of the picks before it; missing for the first. */
  readonly nearestPick?: Neighbour;
  readonly group?: string;
  readonly cost?: number;
}

export interface Neighbour {
  readonly item: ItemId;
  /** Euclidean distance of the embeddings. */
  readonly distance: number;
}

/** The options of files as they were typed. */
export type TypedInputs = { readonly [N in InputName]?: string | readonly string[] };

const ofLabelled = (name: InputName) => name.startsWith("labelled");

/** The files behind the options. A name without a file's ending is a column of the first table that was given. */
export function inputsOf(typed: TypedInputs): Inputs {
  const files = inputNames.flatMap((name) => {
    const texts = typed[name] === undefined ? [] : [typed[name]].flat();
    return texts.length === 0 ? [] : [[name, texts.map((text) => fileOf(name, text, typed))] as const];
  });
  return Object.fromEntries(files);
}

function fileOf(name: InputName, text: string, typed: TypedInputs): ArrayFile {
  const columnsMayBeMeant = ["ids", "groups", "costs", "labelled-ids", "labelled-classes"].includes(name);
  if (!columnsMayBeMeant || isArrayFile(text)) return parseArrayFile(text);
  const others = inputNames.filter((other) => other !== name && ofLabelled(other) === ofLabelled(name));
  const home = others.flatMap((other) => typed[other] ?? []).find((file) => isTable(file));
  if (home !== undefined) return { path: parseArrayFile(home).path, part: text };
  throw new UsageError(`--${name}: "${text}" is no file of arrays, and no table is given whose column it could be`, {
    hint: `Files end in .npy, .npz, .parquet, .arrow, .feather, .csv or .txt; a column is written as file.parquet#${text}.`,
  });
}

function isTable(text: string): boolean {
  return /\.(?:csv|parquet|arrow|feather|ipc)$/i.test(parseArrayFile(text).path);
}

export function refuseTooMany(count: number, items: number, { inputs }: Choice): void {
  if (count <= items) return;
  const where = Object.values(inputs).flat()[0]?.path;
  throw new ForelossError(`${where}: --count ${count}, but there are ${items} items to choose from; ask for fewer`);
}

/** The only file of an option, if it was given. */
export function inputFile(inputs: Inputs, name: InputName): ArrayFile | undefined {
  return inputs[name]?.[0];
}
