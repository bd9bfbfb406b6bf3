// `foreloss convert`: a folder of pictures with boxes or with joints, written again in another format.
import { join } from "node:path";
import { type Command, Option } from "commander";
import { counted } from "../core/counted.ts";
import { UsageError } from "../core/errors.ts";
import type { DetectionLabel } from "../core/labels.ts";
import type { BoxFormat, BoxSurvey, JointFormat, WrittenJointFormat } from "../datasets/index.ts";
import { boxesSchema } from "../records/recipe-dataset.ts";
import { declareCommand } from "./command.ts";
import type { ConvertJointsOptions } from "./convert-joints.ts";
import { addSkipBadOption } from "./label-options.ts";
import { counting, longWork } from "./long-work.ts";
import { wordList } from "./options.ts";
import { refuseInside } from "./output-folder.ts";
import { skippedNote } from "./run-words.ts";

interface ConvertOptions extends ConvertJointsOptions {
  readonly vocOrigin: "0" | "1";
}

/** An options object whose formats are those of boxes. */
type ConvertBoxesOptions = ConvertOptions & { readonly to: BoxFormat; readonly from: BoxFormat | "auto" };

const boxFormats: readonly string[] = ["voc", "coco", "yolo"] satisfies BoxFormat[];
const jointFormats: readonly string[] = ["coco", "lsp", "mpii", "yolo"] satisfies JointFormat[];
const written = [...boxFormats, ...(["coco-keypoints", "yolo-pose"] satisfies WrittenJointFormat[])];
const read = ["auto", ...new Set([...boxFormats, ...jointFormats])];

export function addConvertCommand(program: Command): void {
  const command = declareCommand(program, {
    usage: "convert <folder>",
    summary: "write a folder of pictures with boxes or joints in another format",
    details:
      "Reads Pascal VOC, COCO or YOLO labels of boxes (to coco-keypoints and yolo-pose: COCO, YOLO, Leeds Sports Pose or MPII labels of joints), checks them against the pictures, and writes pictures and labels into a new folder. VOC has no place for crowds, COCO none for difficult and truncated objects, YOLO for none of these: how many are lost is told.",
    examples: [
      "foreloss convert VOC2007 --to yolo --out voc-yolo",
      "foreloss convert labelled --to coco --out for-coco",
      "foreloss convert lsp --to yolo-pose --out lsp-yolo",
    ],
  })
    .addOption(new Option("--to <format>", "what to write").choices(written).makeOptionMandatory())
    .requiredOption("-o, --out <folder>", "folder to write; it must not be there, or be empty")
    .addOption(new Option("--from <format>", "what to read").choices(read).default("auto"))
    .addOption(
      new Option("--voc-origin <n>", "number of the first pixel in VOC labels that are read")
        .choices(["0", "1"])
        .default("1"),
    )
    .option("--train-split <names>", "sets to train on, with commas between them (default: by their names)", wordList)
    .option("--test-split <names>", "sets to hold out", wordList);
  addSkipBadOption(command).option("--json", "print what was written as JSON").action(convert);
}

async function convert(folder: string, options: ConvertOptions): Promise<void> {
  const known = boxFormats.includes(options.to) ? boxFormats : jointFormats;
  if (options.from !== "auto" && !known.includes(options.from)) {
    throw new UsageError(`--from ${options.from}: cannot become ${options.to}; needs ${known.join(", ")} or auto`);
  }
  refuseInside(folder, options.out);
  if (known === boxFormats) return await convertBoxes(folder, options as ConvertBoxesOptions);
  const { convertJoints } = await import("./convert-joints.ts");
  await convertJoints(folder, options);
}

async function convertBoxes(folder: string, options: ConvertBoxesOptions): Promise<void> {
  const { faultLine, refuseFaults, surveyBoxes, writeBoxes } = await import("../datasets/index.ts");
  const survey = await longWork(async (progress, signal) => {
    const found = await surveyBoxes(folder, labelsRecipe(options), {
      signal,
      onProgress: counting(progress, "looking at picture"),
    });
    if (!options.skipBad) refuseFaults(found, folder);
    for (const line of skippedNote([...found.faults.map(faultLine), ...found.passedOver])) progress.note(line);
    return found;
  });
  const withFiles = (pictures: BoxSurvey["train"]) => pictures.map((one) => ({ ...one, file: join(folder, one.id) }));
  await writeBoxes(options.out, options.to, {
    classNames: survey.classNames,
    train: withFiles(survey.train),
    test: survey.test === null ? null : withFiles(survey.test),
  });
  tell(survey, options);
}

/** The options as a recipe's data set, with its defaults. */
function labelsRecipe({ from, vocOrigin, trainSplit, testSplit }: ConvertBoxesOptions) {
  const recipe = { kind: "boxes", format: from, vocOrigin: Number(vocOrigin), trainSplit, testSplit };
  return boxesSchema.parse(recipe);
}

/** What a format has no place for. */
const lost: Readonly<Record<BoxFormat, readonly ("difficult" | "truncated" | "crowd")[]>> = {
  voc: ["crowd"],
  coco: ["difficult", "truncated"],
  yolo: ["difficult", "truncated", "crowd"],
};

function tell(survey: BoxSurvey, { to, out, json }: ConvertBoxesOptions): void {
  const { format, classNames, train, test, faults } = survey;
  const objects = [...train, ...(test ?? [])].flatMap(({ label }: { label: DetectionLabel }) => label.objects);
  const marks = lost[to].map((mark) => ({ mark, count: objects.filter((object) => object[mark]).length }));
  const figures = {
    from: format,
    to,
    out,
    train: train.length,
    test: test?.length ?? null,
    boxes: objects.length,
    classes: classNames,
    faults: faults.length,
    lost: Object.fromEntries(marks.map(({ mark, count }) => [mark, count])),
  };
  const split = test === null ? "no split" : `${train.length} to train on, ${test.length} held out`;
  const classes = `${classNames.length} ${classNames.length === 1 ? "class" : "classes"}`;
  const pictures = counted(train.length + (test?.length ?? 0), "picture");
  const words = [
    `${format} to ${to}: ${pictures} (${split}), ${objects.length} boxes of ${classes}`,
    ...marks.filter(({ count }) => count > 0).map(({ mark, count }) => `lost: ${count} times "${mark}"`),
    out,
  ];
  console.log(json ? JSON.stringify(figures, null, 2) : words.join("\n"));
}
