// Which of a folder's sets are trained on and which are held out: those that a recipe names, or those whose names say so.
import path from "node:path";
import { ForelossError } from "../../core/errors.ts";
import { nearest } from "../../core/suggest.ts";
import { type SplitWord, splitWord } from "./split-word.ts";

export interface SplitNames {
  /** Names of sets, as `train` or `VOC2007/trainval`; null leaves the choice to the names in the folder. */
  readonly trainSplit: readonly string[] | null;
  readonly testSplit: readonly string[] | null;
}

/** Pictures that a data set names together; empty when the folder makes no difference between pictures. */
interface NamedSet {
  readonly name: string;
}

export interface ChosenSets<S> {
  readonly train: readonly S[];
  /** Null where the folder holds nothing out. */
  readonly test: readonly S[] | null;
  /** Names of the sets that are in neither. */
  readonly unused: readonly string[];
}

/** Throws a `ForelossError` when a named set is not there, or names say nothing. `where` opens its message. */
export function chooseSets<S extends NamedSet>(sets: readonly S[], names: SplitNames, where: string): ChosenSets<S> {
  const { train, test } = names.trainSplit === null ? byWords(sets, names, where) : named(sets, names, where);
  const used = new Set([...train, ...(test ?? [])]);
  const unused = sets.filter((set) => !used.has(set)).map(({ name }) => name);
  return { train, test, unused: [...new Set(unused)] };
}

type Parts<S> = Omit<ChosenSets<S>, "unused">;

function named<S extends NamedSet>(sets: readonly S[], { trainSplit, testSplit }: SplitNames, where: string): Parts<S> {
  const find = (field: string, wanted: readonly string[]) =>
    wanted.flatMap((name) => {
      const found = sets.filter((set) => set.name === name || set.name.endsWith(`/${name}`));
      if (found.length === 0) throw unknownSet(sets, name, `${where}: no set "${name}", which dataset.${field} names`);
      return found;
    });
  return {
    train: find("trainSplit", trainSplit ?? []),
    test: testSplit === null ? null : find("testSplit", testSplit),
  };
}

function unknownSet(sets: readonly NamedSet[], name: string, problem: string): ForelossError {
  const ends = sets.flatMap((set) => {
    const steps = set.name.split("/");
    return steps.map((_, first) => steps.slice(first).join("/"));
  });
  const near = nearest(name, ends);
  return new ForelossError(
    `${problem}; ${near === undefined ? `there are: ${namesOf(sets)}` : `did you mean "${near}"?`}`,
  );
}

/**
 * Held out is test where there is one, else val. Trained on is trainval where there is one and test is held out, else
 * train: in each folder of its own, so that VOC2007 and VOC2012 side by side are taken together.
 */
function byWords<S extends NamedSet>(sets: readonly S[], { testSplit }: SplitNames, where: string): Parts<S> {
  if (testSplit !== null) {
    throw new ForelossError(`${where}: dataset.testSplit is given without dataset.trainSplit`, {
      hint: `Name both. There are: ${namesOf(sets)}.`,
    });
  }
  if (new Set(sets.map(({ name }) => name)).size === 1) return { train: sets, test: null };
  const heldOut = (["test", "val"] as const).find((word) => sets.some((set) => wordOf(set) === word));
  const train = sets.filter((set) => wordOf(set) === trainWord(folderOf(set), sets, heldOut));
  if (heldOut === undefined || train.length === 0) {
    throw new ForelossError(`${where}: its sets do not say what is trained on and what is held out: ${namesOf(sets)}`, {
      hint: "Name them with dataset.trainSplit and dataset.testSplit in the recipe.",
    });
  }
  return { train, test: sets.filter((set) => wordOf(set) === heldOut) };
}

function trainWord(folder: string, sets: readonly NamedSet[], heldOut: SplitWord | undefined): SplitWord {
  const whole = sets.some((set) => folderOf(set) === folder && wordOf(set) === "trainval");
  return heldOut === "test" && whole ? "trainval" : "train";
}

function wordOf({ name }: NamedSet): SplitWord | undefined {
  return splitWord(path.posix.basename(name));
}

function folderOf({ name }: NamedSet): string {
  return path.posix.dirname(name);
}

function namesOf(sets: readonly NamedSet[]): string {
  return [...new Set(sets.map(({ name }) => (name === "" ? "(pictures in no split)" : name)))].join(", ");
}
