// The words by which data sets name their splits, in the names of folders and files: train2017, instances_val.json, valid/.

export type SplitWord = "train" | "trainval" | "val" | "test";

const pattern = /(?<![a-z])(?:(trainval)|(train(?:ing)?)|(val(?:id(?:ation)?)?|dev)|(test(?:ing)?))(?![a-z])/gi;

/** The split that a path names: the word nearest to its end; undefined when it names none. */
export function splitWord(path: string): SplitWord | undefined {
  const last = [...path.matchAll(pattern)].at(-1);
  if (last === undefined) return undefined;
  const [, trainval, train, val] = last;
  if (trainval !== undefined) return "trainval";
  if (train !== undefined) return "train";
  return val !== undefined ? "val" : "test";
}
