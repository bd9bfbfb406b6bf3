// Class probabilities of a person. Joints have no classes, but every joint may lie at any of the peaks of its heat map: class
// k is "at the k-th highest". They are softmax(heights of the peaks), as in the multi-peak entropy (Shukla & Ahmed 2021),
// averaged over the joints. The same places are looked at in every pass with dropout, so that passes can be compared.
import type { Matrix } from "../../core/signals.ts";
import { type HeatMaps, mapOf } from "./heat-maps.ts";
import { mostPeaks, peaksOf } from "./uncertainty.ts";

/** Finds the peaks in `maps`; what comes back reads [persons, mostPeaks] out of any maps of the same persons. */
export function peakProbabilities(maps: HeatMaps): (maps: HeatMaps) => Matrix {
  const { count: rows, joints } = maps;
  const peaks = peaksOfAll(maps);
  return (read) => {
    const values = new Float32Array(rows * mostPeaks);
    peaks.forEach((places, i) => {
      const person = Math.floor(i / joints);
      const map = mapOf(read, person, i % joints);
      softmax(places.map((at) => map[at]!)).forEach((p, k) => {
        values[person * mostPeaks + k]! += p / joints;
      });
    });
    return { rows, columns: mostPeaks, values };
  };
}

/** Of every person's every joint. Apart from the reader, which outlives the maps. */
function peaksOfAll(maps: HeatMaps): readonly number[][] {
  const { count, joints, width } = maps;
  return Array.from({ length: count * joints }, (_, i) =>
    peaksOf(mapOf(maps, Math.floor(i / joints), i % joints), width),
  );
}

function softmax(heights: readonly number[]): number[] {
  const top = Math.max(...heights);
  const powers = heights.map((height) => Math.exp(height - top));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}
