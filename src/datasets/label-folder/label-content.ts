// What a reader gives of one set of pictures: those with a sound label, what is wrong with the others, and those without.
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
