// The part of `foreloss convert` that has to do with joints: labels in, checked against their pictures, and out again.

import { counted } from "../core/counted.ts";
import type { PoseLabel } from "../core/labels.ts";
import type { JointFormat, JointSurvey, WrittenJointFormat } from "../datasets/index.ts";
import { jointsSchema } from "../records/recipe-dataset.ts";
import { counting, longWork } from "./long-work.ts";
import { skippedNote } from "./run-words.ts";

export interface ConvertJointsOptions {
  /** Of joints those of `WrittenJointFormat`; the others are formats of boxes. */
  readonly to: string;
  readonly out: string;
  readonly from: string;
  readonly trainSplit?: readonly string[];
  readonly testSplit?: readonly string[];
  readonly skipBad?: boolean;
  readonly json?: boolean;
}

export async function convertJoints(folder: string, options: ConvertJointsOptions): Promise<void> {
  const { faultLine, refuseJointFaults, surveyJoints, writeJoints } = await import("../datasets/index.ts");
  const { from, trainSplit, testSplit } = options;
  const recipe = jointsSchema.parse({ kind: "joints", format: from, trainSplit, testSplit });
  const survey = await longWork(async (progress, signal) => {
    const found = await surveyJoints(folder, recipe, { signal, onProgress: counting(progress, "looking at picture") });
    if (!options.skipBad) refuseJointFaults(found, folder);
    for (const line of skippedNote([...found.faults.map(faultLine), ...found.passedOver])) progress.note(line);
    return found;
  });
  const to = options.to as WrittenJointFormat;
  await writeJoints(options.out, to, { ...survey, root: folder });
  tell(survey, to, options);
}

/** What a format has no place for, and what it is called. */
const lost: Readonly<Record<string, (label: PoseLabel, from: JointFormat, to: WrittenJointFormat) => number>> = {
  "length of the head": ({ headPx }, from) => Number(from === "mpii" && headPx !== null),
  "area of the outline": ({ areaPx }, _, to) => Number(to === "yolo-pose" && areaPx !== undefined),
  "joint beyond the picture": ({ joints, size }, _, to) =>
    to === "yolo-pose" ? joints.filter((joint) => joint.visibility > 0 && !isWithin(joint, size)).length : 0,
};

function isWithin({ x, y }: PoseLabel["joints"][number], { width, height }: PoseLabel["size"]): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

function tell(survey: JointSurvey, to: WrittenJointFormat, { out, json }: ConvertJointsOptions): void {
  const { format: from, skeleton, train, test, faults } = survey;
  const persons = [...train, ...(test ?? [])];
  const picturesOf = (some: readonly { readonly picture: string }[]) =>
    new Set(some.map(({ picture }) => picture)).size;
  const [pictures, held] = [picturesOf(train), test === null ? null : picturesOf(test)];
  const losses = Object.entries(lost).map(
    ([what, count]) => [what, persons.reduce((sum, { label }) => sum + count(label, from, to), 0)] as const,
  );
  const figures = {
    ...{ from, to, out, train: pictures, test: held, persons: persons.length },
    ...{ joints: skeleton.jointNames, faults: faults.length, lost: Object.fromEntries(losses) },
  };
  const split = held === null ? "no split" : `${pictures} to train on, ${held} held out`;
  const words = [
    `${from} to ${to}: ${counted(pictures + (held ?? 0), "picture")} (${split}), ${counted(persons.length, "person")} of ${skeleton.jointNames.length} joints`,
    ...losses.filter(([, count]) => count > 0).map(([what, count]) => `lost: ${count} times "${what}"`),
    out,
  ];
  console.log(json ? JSON.stringify(figures, null, 2) : words.join("\n"));
}
