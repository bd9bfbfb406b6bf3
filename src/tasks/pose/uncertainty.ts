// How unsure a model is of a person, read off its heat maps. Every figure is averaged over the joints and grows with doubt.
import type { Signals } from "../../core/signals.ts";
import { type HeatMaps, highest, mapOf } from "./heat-maps.ts";

export type PoseEntropy = "heat-map" | "multi-peak";

/**
 * `entropy` in nats: of softmax(heat map), every pixel a place where the joint may be (as compared in Yoo & Kweon 2019), or,
 * `multi-peak`, of softmax(heights of its peaks) (Shukla & Ahmed 2021). `margin`: 1 - (highest - second highest peak), a lone
 * peak against 0. `leastConfidence`: 1 - highest.
 */
export function poseUncertainty(
  maps: HeatMaps,
  kind: PoseEntropy,
): Required<Pick<Signals, "entropy" | "margin" | "leastConfidence">> {
  const entropy = new Float32Array(maps.count);
  const margin = new Float32Array(maps.count);
  const leastConfidence = new Float32Array(maps.count);
  for (let person = 0; person < maps.count; person++) {
    const joints = Array.from({ length: maps.joints }, (_, joint) =>
      jointUncertainty(mapOf(maps, person, joint), maps.width, kind),
    );
    const average = (of: keyof JointUncertainty) => joints.reduce((sum, joint) => sum + joint[of], 0) / maps.joints;
    entropy[person] = average("entropy");
    margin[person] = average("margin");
    leastConfidence[person] = average("leastConfidence");
  }
  return { entropy, margin, leastConfidence };
}

interface JointUncertainty {
  readonly entropy: number;
  readonly margin: number;
  readonly leastConfidence: number;
}

function jointUncertainty(map: Float32Array, width: number, kind: PoseEntropy): JointUncertainty {
  const heights = peakHeights(map, width);
  const top = map[highest(map)]!;
  return {
    entropy: softmaxEntropy(kind === "multi-peak" ? Float32Array.from(heights) : map),
    margin: 1 - (top - (heights[1] ?? 0)),
    leastConfidence: 1 - top,
  };
}

/** Entropy of softmax(values), in nats: log(sum of exp) minus the expected value. */
function softmaxEntropy(values: Float32Array): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) top = Math.max(top, values[i]!);
  let total = 0;
  let weighted = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = Math.exp(values[i]! - top);
    total += weight;
    weighted += weight * (values[i]! - top);
  }
  return Math.log(total) - weighted / total;
}

/** No two peaks lie within this many pixels of each other, neither across nor down. */
const leastDistancePx = 5;
export const mostPeaks = 5;

/**
 * Heights of the peaks of a map, the highest first, at most `mostPeaks`. A peak is a pixel that no other within
 * `leastDistancePx` exceeds; of equal ones the first in row order is the peak. There is always one.
 */
export function peakHeights(map: Float32Array, width: number): number[] {
  return peaksOf(map, width).map((at) => map[at]!);
}

/** Where the same peaks lie in the map; of equal heights the first in row order comes first. */
export function peaksOf(map: Float32Array, width: number): number[] {
  const peaks: number[] = [];
  for (let at = 0; at < map.length; at++) if (isPeak(map, width, at)) peaks.push(at);
  return peaks.sort((a, b) => map[b]! - map[a]!).slice(0, mostPeaks);
}

/** The nearest neighbours are asked first: most pixels have a higher one there. */
function isPeak(map: Float32Array, width: number, at: number): boolean {
  return isHighestWithin(map, width, at, 1) && isHighestWithin(map, width, at, leastDistancePx);
}

/** Whether no pixel of the square of side 2 * reach + 1, as far as it lies in the map, is higher, nor as high and earlier. */
function isHighestWithin(map: Float32Array, width: number, at: number, reach: number): boolean {
  const own = map[at]!;
  const column = at % width;
  const row = (at - column) / width;
  const first = Math.max(0, column - reach);
  const last = Math.min(width - 1, column + reach);
  const lastRow = Math.min(map.length / width - 1, row + reach);
  for (let y = Math.max(0, row - reach); y <= lastRow; y++) {
    for (let i = y * width + first; i <= y * width + last; i++) {
      if (map[i]! > own || (map[i] === own && i < at)) return false;
    }
  }
  return true;
}
