// What a reader gives of one set of pictures: those with a sound label, what is wrong with the others, and those without.
import { stopIfAborted } from "../../core/errors.ts";
import { inParallel } from "../in-parallel.ts";
import type { Fault } from "./faults.ts";

export interface LabelContent<Picture> {
  readonly pictures: readonly Picture[];
  readonly faults: readonly Fault[];
  /** Ids of pictures in the set that have no label. */
  readonly unlabelled: readonly string[];
}

/** What several files or entries hold, as one. */
export function joinContents<Picture>(contents: readonly LabelContent<Picture>[]): LabelContent<Picture> {
  return {
    pictures: contents.flatMap(({ pictures }) => pictures),
    faults: contents.flatMap(({ faults }) => faults),
    unlabelled: contents.flatMap(({ unlabelled }) => unlabelled),
  };
}

/** A content that is one fault. */
export function onlyFault(fault: Fault): LabelContent<never> {
  return { pictures: [], faults: [fault], unlabelled: [] };
}

/** Sets are read one after another; each reads several files at a time. */
export async function readSets<Picture>(
  sets: readonly { read(): Promise<LabelContent<Picture>> }[],
  signal: AbortSignal | undefined,
): Promise<LabelContent<Picture>> {
  const contents = await inParallel(sets, 1, async (set) => {
    stopIfAborted(signal, "while reading labels");
    return await set.read();
  });
  return joinContents(contents);
}
