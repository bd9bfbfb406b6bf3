// What the net should have said: every prior takes the class of the object it lies on (SSD, section 2.2, "matching
// strategy"), and how to move onto it. Every object gets at least the one prior that lies on it best.
import { areaOf, type Corners, cornersOf, coverOf, overlapOf } from "../../core/boxes.ts";
import type { DetectionLabel, ObjectLabel } from "../../core/labels.ts";
import { encodeBox } from "./offsets.ts";

export interface MatchOptions {
  /** A prior whose best object overlaps it at least this much belongs to that object; 0.5 unless given. */
  readonly leastOverlap?: number;
  /**
   * What priors on a difficult object or in a crowd are, where they belong to no other object: left out of the loss
   * ("ignored", unless given), or background like all the rest, as in the published code of SSD.
   */
  readonly leftOut?: "ignored" | "background";
}

/** Targets of some pictures, picture after picture. */
export interface DetectionTargets {
  readonly classes: Int32Array; // [pictures, priors]: 0 background, 1 + class index, -1 ignored
  readonly offsets: Float32Array; // [pictures, priors, 4]: 0 where the class is not above 0
}

/**
 * The targets of each picture for the given priors (centre form, shares of the input's side). Difficult objects and crowds
 * are not trained on. An object without area is an error that names it.
 */
export function detectionTargets(
  priors: Float32Array,
  labels: readonly DetectionLabel[],
  options: MatchOptions = {},
): DetectionTargets {
  const count = priors.length / 4;
  const corners = priorCorners(priors);
  const classes = new Int32Array(labels.length * count);
  const offsets = new Float32Array(labels.length * count * 4);
  labels.forEach((label, picture) => {
    const start = picture * count;
    const rows = offsets.subarray(4 * start, 4 * (start + count));
    targetsOfOne({ centres: priors, corners }, label, picture, classes.subarray(start, start + count), rows, options);
  });
  return { classes, offsets };
}

interface Priors {
  readonly centres: Float32Array;
  readonly corners: Float64Array;
}

/** Priors as corners. */
function priorCorners(priors: Float32Array): Float64Array {
  const corners = new Float64Array(priors.length);
  for (let at = 0; at < priors.length; at += 4) {
    for (let axis = at; axis < at + 2; axis++) {
      corners[axis] = priors[axis]! - priors[axis + 2]! / 2;
      corners[axis + 2] = priors[axis]! + priors[axis + 2]! / 2;
    }
  }
  return corners;
}

function targetsOfOne(
  priors: Priors,
  label: DetectionLabel,
  picture: number,
  classes: Int32Array,
  offsets: Float32Array,
  { leastOverlap = 0.5, leftOut = "ignored" }: MatchOptions,
): void {
  const counted = label.objects.filter(({ difficult, crowd }) => !difficult && !crowd);
  const boxes = sharesOf(label, counted, picture);
  const owners = matchPriors(priors.corners, boxes, leastOverlap);
  for (let p = 0; p < classes.length; p++) {
    const owner = owners[p]!;
    if (owner < 0) continue;
    classes[p] = 1 + counted[owner]!.classIndex;
    encodeBox(boxes, owner, priors.centres, p, offsets);
  }
  if (leftOut === "background") return;
  ignore(priors.corners, label, picture, classes, leastOverlap);
}

/** Corners in shares of the picture's sides. */
function sharesOf({ size }: DetectionLabel, objects: readonly ObjectLabel[], picture: number): Float64Array {
  const boxes = cornersOf(objects);
  objects.forEach((object, i) => {
    if (areaOf(boxes, i) > 0) return;
    const { left, top, right, bottom } = object;
    throw new RangeError(
      `detectionTargets: picture ${picture}: the box ${left}, ${top}, ${right}, ${bottom} (left, top, right, bottom) has no area`,
    );
  });
  return boxes.map((value, i) => value / (i % 2 === 0 ? size.width : size.height));
}

/**
 * The object that each prior belongs to, -1 for none, [priors]: first the one with the best overlap, if that is at least
 * `leastOverlap`; then, the best pairs first, every object takes the prior that lies on it best of those not yet taken
 * so (bipartite matching). Among equals the first object and the first prior win; a pair that does not touch is none.
 */
export function matchPriors(priors: Corners, boxes: Corners, leastOverlap: number): Int32Array {
  const owners = new Int32Array(priors.length / 4).fill(-1);
  const highest = new Float64Array(owners.length);
  const objects = boxes.length / 4;
  const best = Array.from({ length: objects }, () => ({ prior: -1, overlap: 0 }));
  for (let object = 0; object < objects; object++) {
    const own = best[object]!;
    for (let p = 0; p < owners.length; p++) {
      const overlap = overlapOf(priors, p, boxes, object);
      if (overlap > own.overlap) {
        own.overlap = overlap;
        own.prior = p;
      }
      if (overlap > highest[p]!) {
        highest[p] = overlap;
        if (overlap >= leastOverlap) owners[p] = object;
      }
    }
  }
  forceBest(priors, boxes, best, owners);
  return owners;
}

interface BestPrior {
  prior: number;
  overlap: number;
}

/** Every object takes one prior for itself, the best pairs first. */
function forceBest(priors: Corners, boxes: Corners, best: BestPrior[], owners: Int32Array): void {
  const taken = new Set<number>();
  const waiting = new Set(best.keys());
  while (waiting.size > 0) {
    const object = [...waiting].reduce((a, b) => (best[b]!.overlap > best[a]!.overlap ? b : a));
    waiting.delete(object);
    const { prior } = best[object]!;
    if (prior < 0) continue;
    owners[prior] = object;
    taken.add(prior);
    for (const other of waiting) {
      if (best[other]!.prior === prior) best[other] = bestFree(priors, boxes, other, taken);
    }
  }
}

function bestFree(priors: Corners, boxes: Corners, object: number, taken: ReadonlySet<number>): BestPrior {
  const best: BestPrior = { prior: -1, overlap: 0 };
  for (let p = 0; p < priors.length / 4; p++) {
    const overlap = overlapOf(priors, p, boxes, object);
    if (overlap <= best.overlap || taken.has(p)) continue;
    best.overlap = overlap;
    best.prior = p;
  }
  return best;
}

/** Background priors on a difficult object, or with as large a part inside a crowd, become ignored. */
function ignore(
  priors: Corners,
  label: DetectionLabel,
  picture: number,
  classes: Int32Array,
  leastOverlap: number,
): void {
  const objects = label.objects.filter(({ difficult, crowd }) => difficult || crowd);
  const boxes = sharesOf(label, objects, picture);
  objects.forEach(({ crowd }, object) => {
    const measure = crowd ? coverOf : overlapOf;
    for (let p = 0; p < classes.length; p++) {
      if (classes[p] === 0 && measure(priors, p, boxes, object) >= leastOverlap) classes[p] = -1;
    }
  });
}
