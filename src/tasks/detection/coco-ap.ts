// Average precision as COCO counts it (Lin et al. 2014; cocodataset.org, "Detection evaluation"): over ten overlaps from
// 0.5 to 0.95, at 101 recalls, the surest 100 detections of a class in a picture, and apart by the size of the objects.
// Sizes are areas of boxes, as labels here have no outlines. Difficult objects count as ignored, which COCO does not know.
import { areaOf, coverOf, overlapOf } from "../../core/boxes.ts";
import type { ClassCases, ClassObjects } from "./class-cases.ts";
import { hit, ignored, meanOfKnown, meanPrecisionAt, miss, precisionRecall } from "./precision-recall.ts";

/** All NaN where there is nothing to find. */
export interface CocoScore {
  /** Mean over the overlaps 0.5, 0.55, .. 0.95 and the classes. */
  readonly ap: number;
  readonly ap50: number;
  readonly ap75: number;
  /** `ap` of objects of up to 32 x 32 pixels, up to 96 x 96, and larger ones. */
  readonly apSmall: number;
  readonly apMedium: number;
  readonly apLarge: number;
}

const mostPerPicture = 100;
/** Evenly from 0.5 to 0.95 and from 0 to 1, with the last bits that COCO's own evaluation gives them. */
const overlaps = Array.from({ length: 10 }, (_, i) => (i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9)));
const recalls = Array.from({ length: 101 }, (_, i) => i * 0.01);

/** Areas in square pixels that count, ends included. */
type AreaRange = readonly [number, number];
const everyArea: AreaRange = [0, Number.POSITIVE_INFINITY];

export function cocoScore(cases: readonly ClassCases[]): CocoScore {
  const pairs = cases.map(pairsOf);
  const perOverlap = averagePrecisions(pairs, everyArea);
  const apOf = (range: AreaRange) => meanOfKnown(joined(averagePrecisions(pairs, range)));
  return {
    ap: meanOfKnown(joined(perOverlap)),
    ap50: meanOfKnown(perOverlap[0]!),
    ap75: meanOfKnown(perOverlap[5]!),
    apSmall: apOf([0, 32 ** 2]),
    apMedium: apOf([32 ** 2, 96 ** 2]),
    apLarge: apOf([96 ** 2, Number.POSITIVE_INFINITY]),
  };
}

function joined(perOverlap: readonly Float64Array[]): Float64Array {
  return Float64Array.from(perOverlap.flatMap((figures) => [...figures]));
}

/** One class: the detections that count with their overlap with every object of the class in their picture. */
interface ClassPairs {
  readonly objects: readonly TruthObject[];
  readonly detections: readonly { readonly area: number; readonly nearby: readonly Pair[] }[];
}

interface TruthObject {
  readonly area: number;
  readonly crowd: boolean;
  readonly leftOut: boolean;
}

interface Pair {
  /** Position in `objects`. */
  readonly object: number;
  readonly overlap: number;
}

function pairsOf({ boxes, pictures, objects }: ClassCases): ClassPairs {
  const all: TruthObject[] = [];
  const firstOf = new Map<number, number>();
  for (const [picture, own] of objects) {
    firstOf.set(picture, all.length);
    all.push(...own.labels.map((_, k) => truthObject(own, k)));
  }
  const seen = new Map<number, number>();
  const detections: { area: number; nearby: Pair[] }[] = [];
  pictures.forEach((picture, i) => {
    const before = seen.get(picture) ?? 0;
    if (before === mostPerPicture) return;
    seen.set(picture, before + 1);
    const own = objects.get(picture);
    const nearby = own === undefined ? [] : nearbyObjects(boxes, i, own, firstOf.get(picture)!);
    detections.push({ area: areaOf(boxes, i), nearby });
  });
  return { objects: all, detections };
}

function truthObject({ labels, boxes }: ClassObjects, k: number): TruthObject {
  const crowd = labels[k]!.crowd === true;
  return { area: areaOf(boxes, k), crowd, leftOut: crowd || labels[k]!.difficult === true };
}

/** The objects that detection `i` could be matched with at the lowest overlap; within a crowd its covered share counts. */
function nearbyObjects(boxes: Float32Array, i: number, { labels, boxes: truth }: ClassObjects, first: number): Pair[] {
  return labels
    .map(({ crowd }, k) => ({ object: first + k, overlap: (crowd ? coverOf : overlapOf)(boxes, i, truth, k) }))
    .filter(({ overlap }) => overlap >= overlaps[0]!);
}

/** Average precision of every class at every overlap for objects in a range of areas, [overlaps][classes]. */
function averagePrecisions(classes: readonly ClassPairs[], range: AreaRange): Float64Array[] {
  const inside = (area: number) => area >= range[0] && area <= range[1];
  const leftOut = classes.map(({ objects }) => objects.map((object) => object.leftOut || !inside(object.area)));
  return overlaps.map((leastOverlap) =>
    Float64Array.from(classes, (pairs, index) => {
      const positives = leftOut[index]!.filter((out) => !out).length;
      if (positives === 0) return Number.NaN;
      const outcomes = outcomesOf(pairs, leftOut[index]!, leastOverlap, inside);
      return meanPrecisionAt(precisionRecall(outcomes, positives), recalls);
    }),
  );
}

/**
 * Each detection, from the surest, takes the object it overlaps most that is still free; one that does not count only
 * where none that counts is near enough, and then it counts neither for nor against. A crowd is never used up.
 */
function outcomesOf(
  { objects, detections }: ClassPairs,
  leftOut: readonly boolean[],
  leastOverlap: number,
  inside: (area: number) => boolean,
): Int8Array {
  const taken = new Uint8Array(objects.length);
  return Int8Array.from(detections, ({ area, nearby }) => {
    const free = nearby.filter(({ object }) => !taken[object] || objects[object]!.crowd);
    const near = free.filter(({ overlap }) => overlap >= leastOverlap);
    const best = most(near.filter(({ object }) => !leftOut[object])) ?? most(near);
    if (best === undefined) return inside(area) ? miss : ignored;
    taken[best.object] = 1;
    return leftOut[best.object] ? ignored : hit;
  });
}

/** The pair with the highest overlap, the last among equals. */
function most(pairs: readonly Pair[]): Pair | undefined {
  return pairs.length === 0 ? undefined : pairs.reduce((a, b) => (b.overlap >= a.overlap ? b : a));
}
