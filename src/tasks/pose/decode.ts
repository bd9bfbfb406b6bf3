// From heat maps to joints in the picture: the highest pixel, moved a quarter of a pixel towards its higher neighbour
// (Newell et al. 2016, section 3.3), and back through the crop of the person.
import { type Affine, moved } from "../../core/affine.ts";
import type { Box } from "../../core/labels.ts";
import { cropBack } from "../../core/person-crop.ts";
import { type HeatMaps, highest, mapOf } from "./heat-maps.ts";

/** A joint as a model sees it, in picture pixels. */
export interface PredictedJoint {
  readonly x: number;
  readonly y: number;
  /** Height of its peak: about 1 where the model is sure. */
  readonly score: number;
}

/** For each person its joints, each by its heat map alone. `boxes` are the persons' boxes that their crops follow from. */
export function decodePoses(maps: HeatMaps, boxes: readonly Box[]): PredictedJoint[][] {
  if (maps.width !== maps.height) throw new RangeError(`decodePoses: heat maps of ${maps.width} x ${maps.height}`);
  return Array.from({ length: maps.count }, (_, person) => {
    const back = cropBack(boxes[person]!, maps.width);
    return Array.from({ length: maps.joints }, (_, joint) => peak(mapOf(maps, person, joint), maps.width, back));
  });
}

function peak(map: Float32Array, width: number, back: Affine): PredictedJoint {
  const at = highest(map);
  const column = at % width;
  const row = Math.floor(at / width);
  const height = map.length / width;
  const x = column + 0.5 + quarter(column, width, map[at - 1], map[at + 1]);
  const y = row + 0.5 + quarter(row, height, map[at - width], map[at + width]);
  return { ...moved(back, x, y), score: map[at]! };
}

/** A quarter towards the higher of two neighbours; none at the border, where one is missing. */
function quarter(position: number, extent: number, before: number | undefined, after: number | undefined): number {
  if (position === 0 || position === extent - 1) return 0;
  return Math.sign(after! - before!) / 4;
}
