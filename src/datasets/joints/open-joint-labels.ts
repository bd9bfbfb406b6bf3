// Which format a folder of joints has: the one that fits, or the one that was asked for.
import { ForelossError } from "../../core/errors.ts";
import type { FolderFiles } from "../boxes/folder-files.ts";
import { openCocoKeypoints } from "./coco-keypoints.ts";
import type { PersonSets } from "./labelled-person.ts";
import { openLsp } from "./lsp.ts";
import { openMpii } from "./mpii.ts";

const readers = {
  coco: openCocoKeypoints,
  lsp: openLsp,
  mpii: openMpii,
} as const satisfies Record<string, (files: FolderFiles) => Promise<PersonSets | undefined>>;

export type JointFormat = keyof typeof readers;

const jointFormats = Object.keys(readers) as readonly JointFormat[];

const expected: Readonly<Record<JointFormat, string>> = {
  coco: "a JSON file whose categories have keypoints (COCO)",
  lsp: "joints.mat beside images/ (Leeds Sports Pose), or annotations.json with joint_names",
  mpii: "mpii_human_pose_v1_u12_1.mat, or JSON made of it (MPII)",
};

export interface OpenedJointLabels extends PersonSets {
  readonly format: JointFormat;
}

/** Throws a `ForelossError` when no format fits, several do, or the one asked for does not. */
export async function openJointLabels(files: FolderFiles, format: JointFormat | "auto"): Promise<OpenedJointLabels> {
  const found: OpenedJointLabels[] = [];
  for (const name of format === "auto" ? jointFormats : [format]) {
    const labels = await readers[name](files);
    if (labels !== undefined) found.push({ ...labels, format: name });
  }
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    const names = found.map((labels) => labels.format).join(", ");
    throw new ForelossError(`${files.root}: joints in ${found.length} formats: ${names}`, {
      hint: "Say which one counts with --format, or dataset.format in the recipe.",
    });
  }
  const looked = format === "auto" ? Object.values(expected).join("; ") : expected[format];
  throw new ForelossError(`${files.root}: no labels with joints among ${files.all.length} files`, {
    hint: `Looked for ${looked}.`,
  });
}
