// The small random persons of test/fixtures/pose.json and what NumPy computes of them, as labels and heat maps.
import { readFileSync } from "node:fs";
import type { Box, PoseLabel, Visibility } from "../../../core/labels.ts";
import type { HeatMaps } from "../heat-maps.ts";

interface Stored {
  readonly settings: { joints: number; persons: number; side: number; sigma: number; mirrorOf: number[] };
  readonly persons: { box: number[]; joints: [number, number, Visibility][]; headPx: number | null }[];
  readonly targets: { heatMaps: number[]; shares: number[] };
  readonly maps4096: number[];
  readonly mirrored4096: number[];
  readonly decoded: number[];
  readonly merged: number[];
  readonly uncertainty: Record<"entropy" | "multiPeakEntropy" | "margin" | "leastConfidence", number[]>;
  readonly pck: { places: number[]; part: number; counted: number[]; share: number; perJoint: (number | null)[] };
}

const file = new URL("../../../../test/fixtures/pose.json", import.meta.url);
export const fixture = JSON.parse(readFileSync(file, "utf8")) as Stored;
const { settings } = fixture;

export const labels: readonly PoseLabel[] = fixture.persons.map(({ box, joints, headPx }) => ({
  size: { width: 200, height: 200 },
  box: boxOf(box),
  joints: joints.map(([x, y, visibility]) => ({ x, y, visibility })),
  headPx,
}));

function boxOf([left, top, right, bottom]: readonly number[]): Box {
  return { left: left!, top: top!, right: right!, bottom: bottom! };
}

export function heatMapsOf(values: readonly number[]): HeatMaps {
  const { persons: count, joints, side } = settings;
  return { count, joints, height: side, width: side, values: Float32Array.from(values) };
}
