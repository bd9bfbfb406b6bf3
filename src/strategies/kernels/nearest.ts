// How far every item of one list is from the nearest of another.
import type { Matrix } from "../../core/signals.ts";
import type { Pace } from "./pace.ts";
import { squaredDistance } from "./rows.ts";

/** Squared distance of every point to the nearest centre; Infinity where there are none. */
export async function nearestSquared(points: Matrix, centres: Matrix, pace: Pace): Promise<Float64Array> {
  const nearest = new Float64Array(points.rows).fill(Infinity);
  for (let i = 0; i < points.rows; i++) {
    for (let c = 0; c < centres.rows; c++) {
      nearest[i] = Math.min(
        nearest[i]!,
        squaredDistance(points.values, i, centres.values, c, points.columns, nearest[i]),
      );
    }
    if (pace.did(centres.rows * points.columns)) await pace.pause();
  }
  return nearest;
}
