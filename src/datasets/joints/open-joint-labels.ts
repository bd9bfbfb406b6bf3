// The formats of joints, and which one a folder has.
import { openInFormat } from "../label-folder/choose-format.ts";
import type { FolderFiles } from "../label-folder/folder-files.ts";
import { openCocoKeypoints } from "./coco-keypoints.ts";
import type { PersonSets } from "./labelled-person.ts";
import { openLsp } from "./lsp.ts";
import { openMpii } from "./mpii.ts";
import { openYoloPose } from "./yolo-pose.ts";

const formats = {
  coco: { open: openCocoKeypoints, expected: "a JSON file whose categories have keypoints (COCO)" },
  lsp: {
    open: openLsp,
    expected: "joints.mat beside images/ (Leeds Sports Pose), or annotations.json with joint_names",
  },
  mpii: { open: openMpii, expected: "mpii_human_pose_v1_u12_1.mat, or JSON made of it (MPII)" },
  yolo: { open: openYoloPose, expected: "data.yaml with kpt_shape and a text file per picture (YOLO)" },
} as const;

export type JointFormat = keyof typeof formats;

export interface OpenedJointLabels extends PersonSets {
  readonly format: JointFormat;
}

/** Throws a `ForelossError` when no format fits, several do, or the one asked for does not. */
export async function openJointLabels(files: FolderFiles, format: JointFormat | "auto"): Promise<OpenedJointLabels> {
  return await openInFormat<JointFormat, PersonSets>(
    files,
    { none: "labels with joints", several: "joints in" },
    formats,
    format,
  );
}
