import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type KeypointPrecision, keypointPrecision } from "./coco-keypoints-metric.ts";
import { jointSpreads, objectKeypointSimilarity } from "./object-keypoint-similarity.ts";
import { headLength, lengthBetween, pck } from "./pck.ts";
import { fixture, labels } from "./testing/pose-fixture.ts";

const { joints } = fixture.settings;
const places = Array.from({ length: fixture.pck.places.length / 2 }, (_, i) => ({
  x: fixture.pck.places[2 * i]!,
  y: fixture.pck.places[2 * i + 1]!,
}));
const predicted = labels.map((_, person) => places.slice(person * joints, (person + 1) * joints));

test("PCKh of random persons is NumPy's, joint by joint; persons without a head length are left out", () => {
  const result = pck(predicted, labels, { reference: headLength, part: 0.5, joints: fixture.pck.counted });
  assert.ok(Math.abs(result.share - fixture.pck.share) < 1e-9);
  assert.deepEqual(
    result.perJoint.map((share) => (Number.isNaN(share) ? null : Number(share.toPrecision(9)))),
    fixture.pck.perJoint,
  );
  assert.equal(result.persons, 2);
});

test("a joint exactly as far off as allowed is right, and one further is not", () => {
  const joint = (x: number, visibility: 0 | 2 = 2) => ({ x, y: 0, visibility });
  const label = { ...labels[0]!, joints: [joint(0), joint(10), joint(0, 0)] };
  const at = (x: number) =>
    pck(
      [
        [
          { x, y: 0 },
          { x: 10, y: 0 },
          { x: 500, y: 0 },
        ],
      ],
      [label],
      { reference: lengthBetween(0, 1), part: 0.2 },
    );
  assert.equal(at(2).share, 1);
  assert.equal(at(2.001).share, 1 / 2);
  assert.deepEqual(at(0).perJoint, [1, 1, Number.NaN]);
});

test("a length between joints is unknown where one has no label", () => {
  const label = {
    ...labels[0]!,
    joints: [
      { x: 0, y: 0, visibility: 0 as const },
      { x: 3, y: 4, visibility: 1 as const },
    ],
  };
  assert.equal(lengthBetween(0, 1)(label), null);
  const both = { ...label, joints: [{ x: 0, y: 0, visibility: 2 as const }, label.joints[1]!] };
  assert.equal(lengthBetween(0, 1)(both), 5);
  assert.ok(Number.isNaN(pck([[]], [label], { reference: lengthBetween(0, 1), part: 0.2 }).share));
});

interface OksCase {
  readonly persons: {
    picture: number;
    box: number[];
    areaPx: number;
    joints: [number, number, 0 | 1 | 2][];
    crowd: boolean;
  }[];
  readonly detections: { picture: number; joints: [number, number][]; score: number }[];
  readonly result: Record<keyof KeypointPrecision, number>;
}
const oks = JSON.parse(readFileSync(new URL("../../../test/fixtures/oks.json", import.meta.url), "utf8")) as {
  jointNames: string[];
  cases: OksCase[];
};

const pictureName = (number: number) => String(number).padStart(4, "0");
const boxOf = ([left, top, width, height]: readonly number[]) => ({
  ...{ left: left!, top: top! },
  ...{ right: left! + width!, bottom: top! + height! },
});

for (const [number, { persons, detections, result }] of oks.cases.entries()) {
  test(`average precision of random poses is COCO's own (case ${number + 1})`, () => {
    const truths = persons.map(({ picture, box, joints, ...rest }) => ({
      ...rest,
      ...{ picture: pictureName(picture), box: boxOf(box) },
      joints: joints.map(([x, y, visibility]) => ({ x, y, visibility })),
    }));
    const found = detections.map(({ picture, joints, score }) => ({
      ...{ picture: pictureName(picture), score },
      joints: joints.map(([x, y]) => ({ x, y })),
    }));
    const actual = keypointPrecision(truths, found, jointSpreads(oks.jointNames));
    for (const [name, expected] of Object.entries(result)) {
      const value = actual[name as keyof KeypointPrecision];
      if (expected === -1) assert.ok(Number.isNaN(value), name);
      else assert.ok(Math.abs(value - expected) < 1e-6, `${name}: ${value} for ${expected}`);
    }
  });
}

test("a perfect pose has a similarity of 1, and the same error costs an eye more than a hip", () => {
  const person = { joints: [{ x: 5, y: 5, visibility: 1 as const }], box: boxOf([0, 0, 10, 10]), areaPx: 100 };
  assert.equal(objectKeypointSimilarity([{ x: 5, y: 5 }], person, [0.1]), 1);
  const of = (name: string) => objectKeypointSimilarity([{ x: 6, y: 5 }], person, jointSpreads([name]));
  assert.ok(of("left_eye") < of("left_hip"));
});

test("a joint whose spread is not known is an error with the nearest name", () => {
  assert.throws(() => jointSpreads(["left_ankel"]), /"left_ankel"; did you mean "ankle"/);
});
