// The beginning of every line of YOLO's labels: number of the class from 0, then centre x, centre y, width and height of the
// box as shares of the picture.
import type { Box } from "../../core/labels.ts";
import type { Fault } from "./faults.ts";

type Wrong = Pick<Fault, "kind" | "what">;

export interface YoloBox {
  readonly className: string;
  /** In shares of the picture's sides. */
  readonly box: Box;
}

/** The words as numbers, or which of them is none. */
export function yoloNumbers(words: readonly string[]): readonly number[] | Wrong {
  const numbers = words.map(Number);
  const strange = words.find((_, i) => !Number.isFinite(numbers[i]));
  return strange === undefined ? numbers : { kind: "malformed", what: `"${strange}" is not a number` };
}

/** Class and box of a line that has at least five numbers. */
export function yoloBox(numbers: readonly number[], classNames: readonly string[]): YoloBox | Wrong {
  const [classIndex, x, y, width, height] = numbers as [number, number, number, number, number];
  const className = classNames[classIndex];
  if (className === undefined) {
    return { kind: "class", what: `class ${classIndex}; there are 0 to ${classNames.length - 1}` };
  }
  const box = { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
  return { className, box };
}
