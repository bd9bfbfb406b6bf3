// What a detector says of one picture, wherever it comes from: boxes with a class and a score each.
import { ForelossError } from "../../core/errors.ts";
import type { PixelSize } from "../../core/labels.ts";

export interface Detections {
  /** Left, top, right, bottom; the unit is said where they are handed on. */
  readonly boxes: Float32Array; // [count, 4]
  /** Class index of each, from 0. */
  readonly classes: Int32Array; // [count]
  /** Any scale; higher is surer. */
  readonly scores: Float32Array; // [count]
}

/** Boxes in shares of the picture's sides become pixels of a picture of that size. */
export function inPixels<D extends Detections>(detections: D, { width, height }: PixelSize): D {
  return { ...detections, boxes: detections.boxes.map((share, i) => share * (i % 2 === 0 ? width : height)) };
}

/** Throws where arrays differ in length, a class is none of 0..classes-1, or a figure is not finite; `where` opens the message. */
export function checkDetections({ boxes, classes, scores }: Detections, classCount: number, where: string): void {
  if (boxes.length !== 4 * scores.length || classes.length !== scores.length) {
    throw new ForelossError(
      `${where}: ${scores.length} scores, ${classes.length} classes, ${boxes.length} box corners`,
      {
        hint: "Every detection has a score, a class and four corners.",
      },
    );
  }
  const wrong = scores.findIndex((score, i) => {
    const known = classes[i]! >= 0 && classes[i]! < classCount;
    return !known || !Number.isFinite(score) || !boxes.subarray(4 * i, 4 * i + 4).every(Number.isFinite);
  });
  if (wrong < 0) return;
  const corners = boxes.subarray(4 * wrong, 4 * wrong + 4).join(", ");
  throw new ForelossError(
    `${where}: detection ${wrong} has class ${classes[wrong]}, score ${scores[wrong]}, corners ${corners}`,
    { hint: `Classes are 0 to ${classCount - 1}; scores and corners must be finite.` },
  );
}
