// What a person's heat maps should be: at each labelled joint a Gaussian of height 1 (Tompson et al. 2014; Newell et al.
// 2016), around its exact place and not around the nearest pixel.
import type { PoseLabel } from "../../core/labels.ts";
import { cropOf, moveJoints } from "../../core/person-crop.ts";
import type { PoseTargets } from "./heat-map-loss.ts";

export interface TargetOptions {
  /** Side of the heat maps, which show the person's crop. */
  readonly mapPx: number;
  /** Deviation of the Gaussian in pixels of the heat map; 1 in the papers. */
  readonly sigma: number;
}

/** Targets of a batch. A joint outside the crop, where an augmentation may have moved it, counts as not labelled. */
export function poseTargets(labels: readonly PoseLabel[], { mapPx, sigma }: TargetOptions): PoseTargets {
  const joints = labels[0]?.joints.length ?? 0;
  const area = mapPx * mapPx;
  const heatMaps = new Float32Array(labels.length * joints * area);
  const shares = new Float32Array(labels.length * joints);
  labels.forEach((label, person) => {
    const places = moveJoints(label.joints, cropOf(label.box, mapPx));
    const seen = [...places.keys()].filter((j) => places[j]!.visibility > 0 && isInside(places[j]!, mapPx));
    for (const j of seen) {
      const row = person * joints + j;
      shares[row] = 1 / seen.length;
      drawGaussian(places[j]!, mapPx, sigma, heatMaps.subarray(row * area, (row + 1) * area));
    }
  });
  return { heatMaps, shares };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function isInside({ x, y }: Place, mapPx: number): boolean {
  return x >= 0 && y >= 0 && x < mapPx && y < mapPx;
}

function drawGaussian({ x, y }: Place, mapPx: number, sigma: number, into: Float32Array): void {
  const alongX = profile(x, mapPx, sigma);
  const alongY = profile(y, mapPx, sigma);
  for (let row = 0, at = 0; row < mapPx; row++) {
    for (let column = 0; column < mapPx; column++) into[at++] = alongX[column]! * alongY[row]!;
  }
}

/** exp(-d^2 / (2 sigma^2)) at the middle of each pixel along one axis. */
function profile(centre: number, mapPx: number, sigma: number): Float64Array {
  return Float64Array.from({ length: mapPx }, (_, i) => Math.exp(-(((i + 0.5 - centre) / sigma) ** 2) / 2));
}
