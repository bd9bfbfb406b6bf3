// Into how many parts embeddings are cut so that choosing from them stays within a given memory.

export interface Partition {
  readonly parts: number;
  /** Rows of every part but the last, which may have fewer. */
  readonly rowsPerPart: number;
}

/** What choosing in parts has to do with. */
export interface PartedWork {
  readonly items: number;
  readonly columns: number;
  readonly labelled: number;
  readonly count: number;
  /** See `NumberRows`. */
  readonly readingBytes: number;
}

export const bytesPerNumber = 4;

/** Beside its embedding an item has a rank, a distance and the number of centres it was compared with. */
export const bytesPerItem = 20;

/** Labelled embeddings, one part, and what was picked in every part: once as it was kept, once side by side. */
export function bytesInParts({ items, columns, labelled, count, readingBytes }: PartedWork, parts: number): number {
  const row = columns * bytesPerNumber;
  const inPart = Math.ceil(items / parts);
  const candidates = parts === 1 ? 0 : parts * Math.min(count, inPart);
  return readingBytes + labelled * row + inPart * (row + bytesPerItem) + candidates * (2 * row + bytesPerItem);
}

/** With the fewest parts that take no more than `bytes`; null when none does. */
export function partitionWithin(bytes: number, work: PartedWork): Partition | null {
  for (let parts = 1; parts <= mostParts(work); parts++) {
    if (bytesInParts(work, parts) <= bytes) return partitionInto(parts, work);
  }
  return null;
}

/** That which takes the least memory. */
export function smallestPartition(work: PartedWork): Partition {
  let best = 1;
  for (let parts = 2; parts <= mostParts(work); parts++) {
    if (bytesInParts(work, parts) < bytesInParts(work, best)) best = parts;
  }
  return partitionInto(best, work);
}

/** More parts than these would leave every item a candidate. */
function mostParts({ items, count }: PartedWork): number {
  return Math.max(1, Math.floor(items / count));
}

/** Rounding up may leave fewer parts than asked for. */
function partitionInto(parts: number, { items }: PartedWork): Partition {
  const rowsPerPart = Math.ceil(items / parts);
  return { parts: Math.ceil(items / rowsPerPart), rowsPerPart };
}
