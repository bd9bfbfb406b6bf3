// Average precision of poses as COCO counts it: detections, the surest first, are given to the persons of their picture by
// object keypoint similarity (OKS), at ten thresholds; then precision is averaged over recall. Held against COCO's own
// evaluation by the tests, ties and odd rules included.
import { hit, ignored, meanPrecisionAt, miss, precisionRecall } from "../detection/precision-recall.ts";
import { type OksPerson, objectKeypointSimilarity } from "./object-keypoint-similarity.ts";

export interface PersonTruth extends OksPerson {
  /** Persons and detections of one picture have one name. */
  readonly picture: string;
  /** Many at once: it takes any number of detections, which then count neither for nor against. */
  readonly crowd?: boolean;
}

export interface PersonDetection {
  readonly picture: string;
  readonly joints: readonly { readonly x: number; readonly y: number }[];
  /** How sure the model is, higher is surer. */
  readonly score: number;
}

/** Each in [0, 1], or NaN when no person counts. */
export interface KeypointPrecision {
  /** Mean over the thresholds 0.50, 0.55 to 0.95. */
  readonly averagePrecision: number;
  readonly averagePrecision50: number;
  readonly averagePrecision75: number;
  /** Persons of 32^2 to 96^2 pixels. */
  readonly averagePrecisionMedium: number;
  /** Persons of more than 96^2 pixels. */
  readonly averagePrecisionLarge: number;
  /** Share of persons found, mean over the thresholds. */
  readonly averageRecall: number;
}

const thresholds = evenly(0.5, 0.95, 10);
const recalls = evenly(0, 1, 101);
/** Surest detections of a picture that count. */
const mostDetections = 20;

interface AreaRange {
  readonly least: number;
  readonly most: number;
}
const allAreas: AreaRange = { least: 0, most: 1e10 };
const mediumAreas: AreaRange = { least: 32 ** 2, most: 96 ** 2 };
const largeAreas: AreaRange = { least: 96 ** 2, most: 1e10 };

/** `spreads` has one entry per joint (`jointSpreads`). */
export function keypointPrecision(
  persons: readonly PersonTruth[],
  detections: readonly PersonDetection[],
  spreads: readonly number[],
): KeypointPrecision {
  const scenes = scenesOf(persons, detections, spreads);
  const all = precisions(scenes, allAreas);
  const over = (range: AreaRange) => mean(precisions(scenes, range).map((at) => at.precision));
  return {
    averagePrecision: mean(all.map((at) => at.precision)),
    averagePrecision50: all[0]!.precision,
    averagePrecision75: all[5]!.precision,
    averagePrecisionMedium: over(mediumAreas),
    averagePrecisionLarge: over(largeAreas),
    averageRecall: mean(all.map((at) => at.recall)),
  };
}

/** A picture's persons and detections, the surest first. */
interface Scene {
  readonly persons: readonly PersonTruth[];
  readonly detections: readonly { readonly score: number; readonly areaPx: number }[];
  readonly similarity: readonly (readonly number[])[]; // [detection][person]
}

/** Pictures in the order of their names: it decides between equal scores. */
function scenesOf(
  persons: readonly PersonTruth[],
  detections: readonly PersonDetection[],
  spreads: readonly number[],
): Scene[] {
  const personsIn = byPicture(persons);
  const detectionsIn = byPicture(detections);
  const pictures = [...new Set([...personsIn.keys(), ...detectionsIn.keys()])].sort();
  return pictures.map((picture) => {
    const here = personsIn.get(picture) ?? [];
    const surest = (detectionsIn.get(picture) ?? []).toSorted((a, b) => b.score - a.score).slice(0, mostDetections);
    return {
      persons: here,
      detections: surest.map(({ score, joints }) => ({ score, areaPx: extent(joints) })),
      similarity: surest.map(({ joints }) => here.map((person) => objectKeypointSimilarity(joints, person, spreads))),
    };
  });
}

function byPicture<T extends { readonly picture: string }>(entries: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const group = groups.get(entry.picture) ?? [];
    groups.set(entry.picture, group);
    group.push(entry);
  }
  return groups;
}

/** Area of the box around all joints. */
function extent(joints: PersonDetection["joints"]): number {
  const length = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
  return length(joints.map(({ x }) => x)) * length(joints.map(({ y }) => y));
}

/** Average precision and recall at every threshold; NaN where no person counts. */
function precisions(scenes: readonly Scene[], range: AreaRange): { precision: number; recall: number }[] {
  const leftOut = scenes.map(({ persons }) => persons.map((person) => isIgnored(person, range)));
  const count = leftOut.flat().filter((is) => !is).length;
  return thresholds.map((threshold) => {
    const verdicts = scenes.flatMap((scene, i) => judge(scene, leftOut[i]!, threshold, range));
    verdicts.sort((a, b) => b.score - a.score);
    const curve = precisionRecall(
      Int8Array.from(verdicts, ({ outcome }) => outcome),
      count,
    );
    if (count === 0) return { precision: Number.NaN, recall: Number.NaN };
    return { precision: meanPrecisionAt(curve, recalls), recall: curve.recall.at(-1) ?? 0 };
  });
}

function isIgnored({ joints, crowd, areaPx }: PersonTruth, range: AreaRange): boolean {
  return crowd === true || joints.every(({ visibility }) => visibility === 0) || !isWithin(areaPx, range);
}

function isWithin(areaPx: number, { least, most }: AreaRange): boolean {
  return areaPx >= least && areaPx <= most;
}

/** What becomes of a picture's detections at a threshold. Each takes the free person it is most like, counted ones first. */
function judge(
  scene: Scene,
  leftOut: readonly boolean[],
  threshold: number,
  range: AreaRange,
): { score: number; outcome: number }[] {
  const { persons, detections, similarity } = scene;
  const order = [...persons.keys()].sort((a, b) => Number(leftOut[a]) - Number(leftOut[b]));
  const taken = new Set<number>();
  return detections.map(({ score, areaPx }, d) => {
    const free = order.filter((p) => !taken.has(p) || persons[p]!.crowd === true);
    const match = mostAlike(free, similarity[d]!, leftOut, threshold);
    if (match === undefined) return { score, outcome: isWithin(areaPx, range) ? miss : ignored };
    taken.add(match);
    return { score, outcome: leftOut[match] ? ignored : hit };
  });
}

/** Of equals the last one; an ignored person only where no counted one is like enough. */
function mostAlike(
  free: readonly number[],
  similarity: readonly number[],
  leftOut: readonly boolean[],
  threshold: number,
): number | undefined {
  let match: number | undefined;
  let best = Math.min(threshold, 1 - 1e-10);
  for (const person of free) {
    if (match !== undefined && !leftOut[match] && leftOut[person]) break;
    if (similarity[person]! < best) continue;
    best = similarity[person]!;
    match = person;
  }
  return match;
}

/** `count` numbers from `first` to `last`, rounded as COCO's are: a recall of 7 / 100 lies below its 0.07. */
function evenly(first: number, last: number, count: number): number[] {
  const step = (last - first) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? last : i * step + first));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
