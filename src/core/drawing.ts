// What can be drawn over a picture to show people what is in it, or what a model sees there. Places are shares of the
// picture's sides, so that it can be shown in any size.
import type { Box, DetectionLabel } from "./labels.ts";

export interface DrawnBox extends Box {
  readonly classIndex: number;
  /** How sure a model is, 0..1; absent for what is known. */
  readonly score?: number;
}

export interface Drawing {
  readonly boxes: readonly DrawnBox[];
}

/** A label as a drawing. */
export function drawnLabel({ size: { width, height }, objects }: DetectionLabel): Drawing {
  const boxes = objects.map(({ classIndex, left, top, right, bottom }) => ({
    classIndex,
    left: left / width,
    top: top / height,
    right: right / width,
    bottom: bottom / height,
  }));
  return { boxes };
}
