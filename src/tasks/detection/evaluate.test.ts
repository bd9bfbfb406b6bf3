// Against pycocotools and the VOC devkit's rule in exact fractions; test/fixtures/detection-scores.json says what is what.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import type { DetectionLabel, ObjectLabel } from "../../core/labels.ts";
import type { CocoScore } from "./coco-ap.ts";
import type { Detections } from "./detections.ts";
import { evaluateDetections, meanAveragePrecision } from "./evaluate.ts";

type Known<T> = { readonly [K in keyof T]: number | null };

interface Case {
  readonly name: string;
  readonly classes: number;
  readonly pictures: readonly { readonly objects: readonly Row[]; readonly detections: readonly Row[] }[];
  readonly expected: {
    readonly coco: Known<CocoScore>;
    readonly voc07?: readonly (number | null)[];
    readonly voc?: readonly (number | null)[];
  };
}

type Row = readonly [number, number, number, number, number, number];

const file = new URL("../../../test/fixtures/detection-scores.json", import.meta.url);
const { cases } = JSON.parse(await readFile(file, "utf8")) as { cases: readonly Case[] };
const size = { width: 1000, height: 1000 };

function labelOf(objects: readonly Row[]): DetectionLabel {
  return {
    size,
    objects: objects.map(([classIndex, left, top, right, bottom, kind]) => ({
      ...{ classIndex, left: left / 4, top: top / 4, right: right / 4, bottom: bottom / 4 },
      ...(kind === 1 ? { difficult: true } : kind === 2 ? { crowd: true } : {}),
    })),
  };
}

function detectionsOf(rows: readonly Row[]): Detections {
  return {
    boxes: Float32Array.from(rows.flatMap(([, , ...corners]) => corners.map((corner) => corner / 4))),
    classes: Int32Array.from(rows, ([index]) => index),
    scores: Float32Array.from(rows, ([, score]) => score / 32),
  };
}

function assertSame(actual: number, expected: number | null, what: string): void {
  const same = expected === null ? Number.isNaN(actual) : Math.abs(actual - expected) < 1e-9;
  assert.ok(same, `${what}: ${actual} for ${expected}`);
}

const meanOf = (figures: readonly (number | null)[]) => {
  const known = figures.filter((figure) => figure !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
};

for (const { name, classes, pictures, expected } of cases) {
  const detections = pictures.map((picture) => detectionsOf(picture.detections));
  const labels = pictures.map((picture) => labelOf(picture.objects));

  test(`COCO scores of ${name} are pycocotools'`, () => {
    const { coco } = evaluateDetections(detections, labels, classes);
    for (const key of Object.keys(coco) as (keyof CocoScore)[]) assertSame(coco[key], expected.coco[key], key);
  });

  for (const rule of ["voc07", "voc"] as const) {
    const figures = expected[rule];
    if (figures === undefined) continue;
    test(`VOC scores of ${name} are the devkit's (${rule})`, () => {
      const score = evaluateDetections(detections, labels, classes)[rule];
      figures.forEach((figure, index) => {
        assertSame(score.perClass[index]!, figure, `class ${index}`);
      });
      assertSame(score.meanAp, meanOf(figures), "mean");
      assertSame(meanAveragePrecision(detections, labels, classes, rule), meanOf(figures), "mean alone");
    });
  }
}

describe("detections", () => {
  const object: ObjectLabel = { classIndex: 0, left: 0, top: 0, right: 10, bottom: 10 };
  const label: DetectionLabel = { size, objects: [object] };
  const [exact, none] = [detectionsOf([[0, 32, 0, 0, 40, 40]]), detectionsOf([])];

  test("that find every object exactly score 1 by every rule, and none at all 0", () => {
    const best = evaluateDetections([exact], [label], 1);
    assert.deepEqual([best.voc07.meanAp, best.voc.meanAp, best.coco.ap, best.coco.apSmall], [1, 1, 1, 1]);
    const worst = evaluateDetections([none], [label], 1);
    assert.deepEqual([worst.voc07.meanAp, worst.voc.meanAp, worst.coco.ap], [0, 0, 0]);
  });

  test("in a picture without objects count against", () => {
    const empty: DetectionLabel = { size, objects: [] };
    assert.equal(evaluateDetections([exact, exact], [empty, label], 1).voc.meanAp, 0.5);
  });

  test("in a crowd and on no object count neither for nor against, also by the VOC rule", () => {
    const crowd = { ...object, left: 100, right: 200, bottom: 100, crowd: true };
    const inside = detectionsOf([
      [0, 32, 440, 40, 480, 80],
      [0, 16, 0, 0, 40, 40],
      [0, 8, 480, 40, 520, 80],
    ]);
    const { voc, coco } = evaluateDetections([inside], [{ size, objects: [crowd, object] }], 1);
    assert.deepEqual([voc.meanAp, coco.ap], [1, 1]);
  });

  test("without anything to find have no score", () => {
    const { voc07, coco } = evaluateDetections([], [], 2);
    assert.ok(Number.isNaN(voc07.meanAp) && voc07.perClass.every(Number.isNaN) && Number.isNaN(coco.ap));
  });

  test("and labels that do not fit are refused by picture and value", () => {
    const of = (changes: Partial<Detections>) => () =>
      evaluateDetections([none, { ...exact, ...changes }], [label, label], 1);
    assert.throws(of({ classes: Int32Array.of(1) }), /picture 1: detection 0 has class 1/);
    assert.throws(of({ classes: Int32Array.of(-1) }), /picture 1: detection 0 has class -1/);
    assert.throws(of({ scores: Float32Array.of(Number.NaN) }), /picture 1: detection 0 .*score NaN/);
    assert.throws(of({ boxes: Float32Array.of(0, 0, 1, Number.NaN) }), /corners 0, 0, 1, NaN/);
    assert.throws(of({ boxes: new Float32Array(8) }), /1 scores, 1 classes, 8 box corners/);
    assert.throws(() => evaluateDetections([exact], [label, label], 1), /detections of 1 pictures, 2 labels/);
    const strange = { size, objects: [{ ...object, classIndex: 3 }] };
    assert.throws(() => evaluateDetections([exact], [strange], 1), /picture 0: an object has class 3/);
  });
});
