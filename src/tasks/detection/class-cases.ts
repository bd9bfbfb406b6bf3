// Detections and objects sorted out for the metrics: per class, all its detections in all pictures from the surest, and
// its objects picture by picture. Between equal scores the earlier picture, then the earlier detection comes first.
import { type Corners, cornersOf } from "../../core/boxes.ts";
import { ForelossError } from "../../core/errors.ts";
import type { DetectionLabel, ObjectLabel } from "../../core/labels.ts";
import { bestFirst } from "./best-first.ts";
import { checkDetections, type Detections } from "./detections.ts";

/** The objects of one class in one picture. */
export interface ClassObjects {
  readonly labels: readonly ObjectLabel[];
  readonly boxes: Corners;
}

/** Everything of one class. */
export interface ClassCases {
  /** Corners of the detections in pixels, the surest first. */
  readonly boxes: Float32Array; // [detections, 4]
  /** The picture of each. */
  readonly pictures: Uint32Array; // [detections]
  /** By picture; pictures without such objects are not there. */
  readonly objects: ReadonlyMap<number, ClassObjects>;
}

/** Cases of each of `classes` classes. Detections are in pixels of their picture; picture i has `labels[i]`. */
export function casesByClass(
  detections: readonly Detections[],
  labels: readonly DetectionLabel[],
  classes: number,
): ClassCases[] {
  if (detections.length !== labels.length) {
    throw new ForelossError(
      `evaluateDetections: detections of ${detections.length} pictures, ${labels.length} labels`,
      {
        hint: "Give one of each per picture, in the same order.",
      },
    );
  }
  detections.forEach((found, picture) => {
    checkDetections(found, classes, `evaluateDetections: picture ${picture}`);
  });
  const objects = objectsByClass(labels, classes);
  return detectionsByClass(detections, classes).map((rows, index) => ({ ...rows, objects: objects[index]! }));
}

function objectsByClass(labels: readonly DetectionLabel[], classes: number): Map<number, ClassObjects>[] {
  const found = Array.from({ length: classes }, () => new Map<number, ClassObjects>());
  labels.forEach(({ objects }, picture) => {
    for (const index of new Set(objects.map(({ classIndex }) => classIndex))) {
      if (found[index] === undefined) throw unknownClass(picture, index, classes);
      const own = objects.filter(({ classIndex }) => classIndex === index);
      found[index].set(picture, { labels: own, boxes: cornersOf(own) });
    }
  });
  return found;
}

function unknownClass(picture: number, index: number, classes: number): ForelossError {
  return new ForelossError(`evaluateDetections: picture ${picture}: an object has class ${index}`, {
    hint: `Classes are 0 to ${classes - 1}.`,
  });
}

function detectionsByClass(detections: readonly Detections[], classes: number): Omit<ClassCases, "objects">[] {
  const counts = new Uint32Array(classes);
  for (const { classes: indices } of detections) for (const index of indices) counts[index]!++;
  const rows = Array.from(counts, (count) => ({
    boxes: new Float32Array(4 * count),
    pictures: new Uint32Array(count),
    scores: new Float32Array(count),
  }));
  counts.fill(0);
  detections.forEach(({ boxes, classes: indices, scores }, picture) => {
    indices.forEach((index, i) => {
      const row = rows[index]!;
      const at = counts[index]!++;
      row.boxes.set(boxes.subarray(4 * i, 4 * i + 4), 4 * at);
      row.pictures[at] = picture;
      row.scores[at] = scores[i]!;
    });
  });
  return rows.map(sorted);
}

function sorted(rows: {
  boxes: Float32Array;
  pictures: Uint32Array;
  scores: Float32Array;
}): Omit<ClassCases, "objects"> {
  const order = bestFirst(rows.scores);
  const boxes = new Float32Array(rows.boxes.length);
  order.forEach((from, to) => {
    boxes.set(rows.boxes.subarray(4 * from, 4 * from + 4), 4 * to);
  });
  return { boxes, pictures: order.map((i) => rows.pictures[i]!) };
}
