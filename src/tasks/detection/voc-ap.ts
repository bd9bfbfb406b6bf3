// Average precision as PASCAL VOC counts it (Everingham et al. 2010, section 4.2, and the devkit): a detection belongs to
// the object of its class that it overlaps most; on a difficult one it counts neither for nor against, and a second one
// on the same object is a miss. The devkit knows no crowds: here what lies in one and on nothing else does not count.
import { coverOf, overlapOf } from "../../core/boxes.ts";
import type { ClassCases, ClassObjects } from "./class-cases.ts";
import { areaUnder, hit, ignored, meanOfKnown, meanPrecisionAt, miss, precisionRecall } from "./precision-recall.ts";

/** `voc07`: mean precision at the recalls 0, 0.1, .. 1 (until 2009). `voc`: area under the curve, all its points. */
export type VocRule = "voc07" | "voc";

export interface VocScore {
  /** Mean over the classes that have objects; NaN where none has. */
  readonly meanAp: number;
  /** Average precision of each class; NaN where the class has no object that counts. */
  readonly perClass: Float64Array;
}

const elevenRecalls = Array.from({ length: 11 }, (_, i) => i / 10);

/** A detection hits where the overlap is at least `leastOverlap`. */
export function vocScore(cases: readonly ClassCases[], rule: VocRule, leastOverlap = 0.5): VocScore {
  const perClass = Float64Array.from(cases, (own) => averagePrecision(own, rule, leastOverlap));
  return { meanAp: meanOfKnown(perClass), perClass };
}

function averagePrecision(cases: ClassCases, rule: VocRule, leastOverlap: number): number {
  const positives = [...cases.objects.values()].reduce((sum, { labels }) => sum + labels.filter(counts).length, 0);
  if (positives === 0) return Number.NaN;
  const curve = precisionRecall(outcomesOf(cases, leastOverlap), positives);
  return rule === "voc07" ? meanPrecisionAt(curve, elevenRecalls) : areaUnder(curve);
}

function counts({ difficult, crowd }: ClassObjects["labels"][number]): boolean {
  return !difficult && !crowd;
}

function outcomesOf({ boxes, pictures, objects }: ClassCases, leastOverlap: number): Int8Array {
  const found = new Set<ClassObjects["labels"][number]>();
  return Int8Array.from(pictures, (picture, i) => {
    const own = objects.get(picture);
    if (own === undefined) return miss;
    const best = bestObject(boxes, i, own, leastOverlap);
    if (best === undefined) return liesInCrowd(boxes, i, own, leastOverlap) ? ignored : miss;
    if (best.difficult) return ignored;
    if (found.has(best)) return miss;
    found.add(best);
    return hit;
  });
}

/** The object that box `i` overlaps most, the first among equals; nothing where that is less than `leastOverlap`. */
function bestObject(boxes: Float32Array, i: number, { labels, boxes: truth }: ClassObjects, leastOverlap: number) {
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  labels.forEach(({ crowd }, k) => {
    const overlap = crowd ? Number.NEGATIVE_INFINITY : overlapOf(boxes, i, truth, k);
    if (overlap <= highest) return;
    highest = overlap;
    best = k;
  });
  return highest >= leastOverlap ? labels[best] : undefined;
}

function liesInCrowd(boxes: Float32Array, i: number, { labels, boxes: truth }: ClassObjects, leastCover: number) {
  return labels.some(({ crowd }, k) => crowd && coverOf(boxes, i, truth, k) >= leastCover);
}
