// The pose task as a learner uses it: targets, loss in the graph and from outputs, predictions, what is told of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawnPose } from "../../core/drawing.ts";
import { createRandom } from "../../core/random.ts";
import { skeletonOf } from "../../core/skeleton.ts";
import { onnxBackend } from "../../engine/backends/onnx/index.ts";
import { input, program, type Tensor } from "../../engine/index.ts";
import { createBuilder } from "../../nn/builder.ts";
import { modelSchema } from "../../records/recipe-model.ts";
import { taskFor } from "../task-for.ts";
import type { PredictedJoint } from "./decode.ts";
import { poseTargets } from "./targets.ts";
import { poseTask } from "./task.ts";
import { labels } from "./testing/pose-fixture.ts";

const sidePx = 32;
const skeleton = skeletonOf(["left_shoulder", "right_shoulder", "right_hip", "left_hip", "thorax"], [], "test");
const normalisation = { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] };
const net = { stacks: 2, depth: 1, channels: 8, blocks: 1 };
const options = { skeleton, sidePx, normalisation, net, sigma: 1, flipTest: false } as const;
const pose = poseTask({ ...options, metric: "PCKh@0.5", entropy: "heat-map" });

test("the loss in the graph is the one from the outputs, and 0 for a person without labels", async () => {
  const count = labels.length;
  const model = createBuilder("infer");
  const { outputs, maps } = pose.forward(model.builder, input("pictures", [count, 3, sidePx, sidePx], "uint8"));
  assert.deepEqual([Object.keys(outputs), maps.length], [["heatMaps0", "heatMaps1"], 2]);
  const perItem = pose.perItemLoss(outputs, pose.targetInputs(count));
  const backend = onnxBackend({ threads: 1 });
  const random = createRandom(3, "weights");
  const start = [...model.entries].map(
    ([name, { shape, initialise }]) => [name, { shape, values: initialise(shape, random) }] as const,
  );
  const state = await backend.openState(new Map(start));
  const executable = await backend.compile(program({ name: "both", outputs: { ...outputs, perItem } }), state);
  const pictures = Uint8Array.from({ length: count * 3 * sidePx * sidePx }, () => random.integer(256));
  const result = await executable.run({ pictures, ...pose.encodeTargets(labels) });
  const losses = pose.lossOf({ count, outputs: result }, labels);
  losses.forEach((loss, i) => {
    assert.ok(Math.abs(loss - result.perItem!.values[i]!) < 1e-5, `${i}: ${loss}`);
  });
  assert.ok(losses[0]! > 0 && losses[3] === 0);
  await executable.close();
});

/** Outputs of a model that draws just what it should. */
function perfect() {
  const mapPx = sidePx / 4;
  const { heatMaps } = poseTargets(labels, { mapPx, sigma: 1 });
  const tensor: Tensor = { dtype: "float32", shape: [labels.length, 5, mapPx, mapPx], values: heatMaps };
  return { count: labels.length, outputs: { heatMaps0: tensor, heatMaps1: tensor } };
}

test("perfect heat maps have no loss, and their joints are found where they lie in the crop", () => {
  const inferred = perfect();
  assert.ok(pose.lossOf(inferred, labels).every((loss) => loss < 1e-9));
  const predictions = pose.decode(inferred);
  const near = labels.map((label) => ({ ...label, headPx: 60 }));
  const far = poseTask({ ...options, metric: "PCK@0.2", entropy: "multi-peak" });
  assert.equal(far.metricName, "PCK@0.2");
  const found = pose.metric(predictions, near);
  assert.ok(found > 0.5 && found < 1, `${found}: joints outside their crops cannot be found`);
  assert.match(pose.inWords(predictions[3]!, []), /^0 of 5 joints$/);
  const { entropy } = pose.uncertainty(inferred);
  assert.equal(entropy!.length, labels.length);
  assert.notDeepEqual(far.uncertainty(inferred).entropy, entropy);
});

test("what counts as found follows from the joints, and a torso that is not there is told before anything is trained", () => {
  const of = (names: string[], metric: "auto" | "PCK@0.2" = "auto") =>
    poseTask({ ...options, metric, entropy: "heat-map", skeleton: skeletonOf(names, [], "") });
  assert.equal(of(["left_shoulder", "right_shoulder", "neck", "head_top"]).metricName, "PCKh@0.5");
  assert.equal(of([...skeleton.jointNames]).metricName, "PCK@0.2");
  assert.throws(() => of(["nose", "tail"], "PCK@0.2"), { message: /left_shoulder and right_hip/ });
  const animal = of(["nose", "tail"]);
  assert.equal(animal.metricName, "PCK@0.1 box");
  const box = { left: 10, top: 10, right: 50, bottom: 30 }; // its crop: 50 px from (5, -5); a tenth is 4 px
  const joint = (x: number) => ({ x, y: 20, visibility: 2 as const });
  const label = { size: { width: 100, height: 60 }, box, joints: [joint(15), joint(45)], headPx: null };
  const at = (x: number) => ({ x: (x - 5) / 50, y: 0.5, score: 1 });
  assert.equal(animal.metric([[at(18.9), at(49.1)]], [label]), 0.5);
});

test("with OKS perfect joints have a precision of 1, and one person of two far off one of about a half", () => {
  const cocoSkeleton = skeletonOf(["left_shoulder", "right_shoulder", "left_hip", "right_hip", "nose"], [], "test");
  const oks = poseTask({ ...options, skeleton: cocoSkeleton, metric: "OKS AP", entropy: "heat-map" });
  const places = [0.3, 0.35, 0.4, 0.5, 0.6];
  const persons = [0, 60].map((left) => {
    const box = { left, top: 10, right: left + 40, bottom: 50 }; // its crop: 50 px from (left - 5, 5)
    const joints = places.map((at) => ({ x: left - 5 + 50 * at, y: 5 + 50 * at, visibility: 2 as const }));
    return { size: { width: 100, height: 60 }, box, joints, headPx: null, picture: "a.jpg" };
  });
  const right = places.map((at) => ({ x: at, y: at, score: 0.9 }));
  const wrong = places.map((at) => ({ x: 1 - at, y: 0.1, score: 0.5 }));
  assert.equal(oks.metricName, "OKS AP");
  assert.equal(oks.metric([right, right], persons), 1);
  assert.ok(Math.abs(oks.metric([right, wrong], persons) - 51 / 101) < 1e-9);
  assert.throws(
    () => poseTask({ ...options, metric: "OKS AP", entropy: "heat-map", skeleton: skeletonOf(["tail"], [], "") }),
    {
      name: "ForelossError",
    },
  );
});

test("with the flip-test joints and uncertainty are read off the mean of both, the loss off what was trained", () => {
  const flipped = poseTask({ ...options, flipTest: true, metric: "PCKh@0.5", entropy: "heat-map" });
  const own = perfect();
  const blank = { ...own.outputs.heatMaps1!, values: new Float32Array(own.outputs.heatMaps1!.values.length) };
  const merged = flipped.mergeMirrored!(own, { ...own, outputs: { ...own.outputs, heatMaps1: blank } });
  const scores = (joints: readonly PredictedJoint[][]) => joints.flat().map(({ score }) => score);
  const single = scores(pose.decode(own) as PredictedJoint[][]);
  assert.ok(single.some((score) => score > 0.5));
  assert.deepEqual(
    scores(flipped.decode(merged) as PredictedJoint[][]),
    single.map((score) => score / 2),
  );
  assert.notDeepEqual(flipped.uncertainty(merged).entropy, pose.uncertainty(own).entropy);
  assert.deepEqual(flipped.lossOf(merged, labels), pose.lossOf(own, labels));
  assert.equal(pose.mergeMirrored, undefined);
});

test("a prediction and a label are drawn alike over the crop, joints without a label left out with their bones", () => {
  const bones = [
    [0, 1],
    [2, 3],
    [1, 2],
  ] as const;
  const jointed = { ...skeleton, bones };
  const task = poseTask({ ...options, skeleton: jointed, metric: "PCKh@0.5", entropy: "heat-map" });
  const prediction = skeleton.jointNames.map((_, i) => ({ x: i / 8, y: 1 / 3, score: 0.25 }));
  const { boxes, person } = task.drawn!(prediction);
  assert.deepEqual([boxes, person!.bones], [[], bones]);
  assert.deepEqual(person!.joints[1], { name: "right_shoulder", x: 0.125, y: 0.3333, score: 0.25 });
  const joint = (x: number, y: number, visibility: 0 | 1 | 2) => ({ x, y, visibility });
  const box = { left: 10, top: 20, right: 90, bottom: 60 }; // its crop: 0 to 100 across, -10 to 90 down
  const joints = [joint(0, 0, 0), joint(50, 40, 1), joint(25, 90, 2), joint(0, 0, 0), joint(0, -10, 2)];
  const known = drawnPose({ size: { width: 100, height: 100 }, box, joints, headPx: null }, jointed);
  assert.deepEqual(known, {
    boxes: [],
    person: {
      joints: [
        { name: "right_shoulder", x: 0.5, y: 0.5 },
        { name: "right_hip", x: 0.25, y: 1 },
        { name: "thorax", x: 0, y: 0 },
      ],
      bones: [[0, 1]],
    },
  });
});

test("data without joints and crops of a side that does not divide are refused", () => {
  const model = modelSchema.parse({ kind: "hourglass", depth: 3 });
  const facts = { classNames: ["person"], normalisation, imageSize: { width: 48, height: 48, channels: 3 } } as const;
  assert.throws(() => taskFor(model, facts), /model "hourglass": the data has no joints/);
  assert.throws(() => taskFor(model, { ...facts, skeleton }), /crops of 48 px; depth 3 needs a multiple of 32/);
});
