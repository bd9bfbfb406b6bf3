// From heat maps to joints: the highest pixel, moved a quarter of a pixel towards its higher neighbour (Newell et al. 2016,
// section 3.3). A model sees persons' crops: joints are shares of the crop's side until the person's box brings them back.
import { moved } from "../../core/affine.ts";
import type { Box } from "../../core/labels.ts";
import { cropBack } from "../../core/person-crop.ts";
import { type HeatMaps, highest, mapOf } from "./heat-maps.ts";

/** A joint as a model sees it. */
export interface PredictedJoint {
  readonly x: number;
  readonly y: number;
  /** Height of its peak: about 1 where the model is sure. */
  readonly score: number;
}

/** For each person its joints in shares of the crop's sides, each by its heat map alone. */
export function decodePoses(maps: HeatMaps): PredictedJoint[][] {
  return Array.from({ length: maps.count }, (_, person) =>
    Array.from({ length: maps.joints }, (_, joint) => peak(mapOf(maps, person, joint), maps.width, maps.height)),
  );
}

/** A person's joints in pixels of its picture; the crop follows from the box. */
export function inPicture(joints: readonly PredictedJoint[], box: Box): PredictedJoint[] {
  const back = cropBack(box, 1);
  return joints.map(({ x, y, score }) => ({ ...moved(back, x, y), score }));
}

function peak(map: Float32Array, width: number, height: number): PredictedJoint {
  const at = highest(map);
  const column = at % width;
  const row = Math.floor(at / width);
  const x = column + 0.5 + quarter(column, width, map[at - 1], map[at + 1]);
  const y = row + 0.5 + quarter(row, height, map[at - width], map[at + width]);
  return { x: x / width, y: y / height, score: map[at]! };
}

/** A quarter towards the higher of two neighbours; none at the border, where one is missing. */
function quarter(position: number, extent: number, before: number | undefined, after: number | undefined): number {
  if (position === 0 || position === extent - 1) return 0;
  return Math.sign(after! - before!) / 4;
}
