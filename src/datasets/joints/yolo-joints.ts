// What data.yaml says of the joints in YOLO's pose labels (Ultralytics): how many there are, with or without visibility, which
// of them swap in a mirror and, in newer files, what they are called.
import { z } from "zod";
import { ForelossError } from "../../core/errors.ts";
import { type Skeleton, skeletonOf } from "../../core/skeleton.ts";
import { checkedYaml, type YoloYaml } from "../label-folder/yolo-names.ts";

const names = z.array(z.string().min(1));
const position = z.number().int().nonnegative();
const schema = z.looseObject({
  kpt_shape: z.tuple([z.number().int().positive(), z.literal([2, 3])]),
  flip_idx: z.array(position).nullish(),
  kpt_names: z.union([names, z.record(z.string(), names)]).nullish(),
  bones: z.array(z.tuple([position, position])).nullish(),
});
type PoseYaml = z.output<typeof schema>;

export interface YoloJoints {
  readonly skeleton: Skeleton;
  /** Numbers of each joint: x and y, or x, y and visibility. */
  readonly dimensions: 2 | 3;
}

/** The person of COCO, which files without names mean when their joints are as many and swap alike. */
const coco = {
  jointNames: [
    ...["nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow"],
    ...["right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee"],
    ...["left_ankle", "right_ankle"],
  ],
  mirrorOf: [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15],
};

/** Throws a `ForelossError` that names the field where the file contradicts itself or does not say enough. */
export function readYoloJoints(yaml: YoloYaml): YoloJoints {
  const { file } = yaml;
  const data = checkedYaml(schema, yaml);
  const [count, dimensions] = data.kpt_shape;
  const mirrorOf = data.flip_idx == null ? undefined : checkedSwaps(data.flip_idx, count, file);
  const jointNames = namesOf(data, file) ?? namesFor(count, mirrorOf, file);
  if (jointNames.length !== count) {
    throw new ForelossError(`${file}: kpt_names has ${jointNames.length} names, but kpt_shape says ${count} joints`);
  }
  return { skeleton: skeletonOf(jointNames, data.bones ?? [], file, mirrorOf), dimensions };
}

/** Each joint must swap with the one that swaps with it. */
function checkedSwaps(swaps: readonly number[], count: number, file: string): readonly number[] {
  if (swaps.length !== count) {
    throw new ForelossError(`${file}: flip_idx has ${swaps.length} numbers, but kpt_shape says ${count} joints`);
  }
  const astray = swaps.findIndex((other, own) => swaps[other] !== own);
  if (astray < 0) return swaps;
  throw new ForelossError(
    `${file}: flip_idx says that joint ${astray} becomes ${swaps[astray]} in a mirror, but ${swaps[astray]} becomes ${swaps[swaps[astray]!] ?? "none"}`,
    { hint: "Joints count from 0, and each pair swaps both ways; one that stays stands in its own place." },
  );
}

/** A list, or one for every class: a line of labels has the same joints whatever its class. */
function namesOf({ kpt_names: written }: PoseYaml, file: string): readonly string[] | undefined {
  if (written == null) return undefined;
  const [first, ...others] = Array.isArray(written) ? [written] : Object.values(written);
  if (first === undefined || others.every((other) => other.join() === first.join())) return first;
  throw new ForelossError(`${file}: kpt_names differ between classes; one kind of skeleton can be trained on`);
}

function namesFor(count: number, mirrorOf: readonly number[] | undefined, file: string): readonly string[] {
  if (mirrorOf === undefined) {
    throw new ForelossError(`${file}: neither flip_idx nor kpt_names say which joints swap in a mirror`, {
      hint: `Add flip_idx: for each of the ${count} joints, from 0, the one that it becomes; its own number where it stays.`,
    });
  }
  if (mirrorOf.join() === coco.mirrorOf.join()) return coco.jointNames;
  return Array.from({ length: count }, (_, joint) => `joint_${joint}`);
}
