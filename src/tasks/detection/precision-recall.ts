// Average precision from what became of each detection. Precision is taken as its highest value at this recall or any
// higher one (the envelope); the rules differ in where they look at it.

/** What a detection counts as. */
export const hit = 1;
export const miss = 0;
export const ignored = -1;

/** One point per detection that counts, from the surest. */
export interface PrecisionRecall {
  readonly recall: Float64Array;
  /** The highest precision here or further on. */
  readonly envelope: Float64Array;
}

/** The curve of detections in order of their scores; `positives` is how many objects there are to find, above 0. */
export function precisionRecall(outcomes: Int8Array, positives: number): PrecisionRecall {
  const counted = outcomes.filter((outcome) => outcome !== ignored);
  const recall = new Float64Array(counted.length);
  const envelope = new Float64Array(counted.length);
  let hits = 0;
  counted.forEach((outcome, i) => {
    hits += outcome;
    recall[i] = hits / positives;
    envelope[i] = hits / (i + 1);
  });
  for (let i = envelope.length - 2; i >= 0; i--) envelope[i] = Math.max(envelope[i]!, envelope[i + 1]!);
  return { recall, envelope };
}

/** Mean of the envelope where each of the rising `recalls` is first reached; 0 where it never is. */
export function meanPrecisionAt({ recall, envelope }: PrecisionRecall, recalls: readonly number[]): number {
  let i = 0;
  let sum = 0;
  for (const wanted of recalls) {
    while (i < recall.length && recall[i]! < wanted) i++;
    if (i < recall.length) sum += envelope[i]!;
  }
  return sum / recalls.length;
}

/** Area under the envelope over recall 0..1. */
export function areaUnder({ recall, envelope }: PrecisionRecall): number {
  return envelope.reduce((area, precision, i) => area + precision * (recall[i]! - (i === 0 ? 0 : recall[i - 1]!)), 0);
}

/** Mean of the figures that are there (not NaN); NaN where none is. */
export function meanOfKnown(figures: Float64Array): number {
  const known = figures.filter((figure) => !Number.isNaN(figure));
  return known.reduce((sum, figure) => sum + figure, 0) / known.length;
}
