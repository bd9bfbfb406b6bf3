// Persons to be scored: cut out of their pictures by given boxes, as persons are that a model is trained on.
import path from "node:path";
import { ForelossError } from "../../core/errors.ts";
import type { BoxFormat } from "../boxes/open-labels.ts";
import type { OpenProgress } from "../check-pictures.ts";
import type { Split } from "../dataset.ts";
import { personSource } from "../joints/person-source.ts";
import { faultLine, faultSummary } from "../label-folder/fault-summary.ts";
import { sourceSplit } from "../picture-source.ts";
import { surveyPersonBoxes } from "./survey-person-boxes.ts";

/** Where the boxes of persons are, and how they are read. */
export interface PersonBoxes {
  /** A folder, or one file as COCO has it. */
  readonly boxes: string;
  readonly format: BoxFormat | "auto";
  /** Leave persons with a wrong box out, and list them, instead of stopping. */
  readonly skipBad: boolean;
}

/** Items without labels (-1). */
export interface UnlabelledPersons extends Split {
  /** Of each person, its picture. */
  readonly groups: readonly string[];
  readonly skipped: readonly string[];
}

/**
 * The persons of the pictures below a folder. Throws a `ForelossError` that lists what is wrong with the boxes, unless it is to
 * be skipped, and when there is no person. A crop is cut out whenever it is read: none is kept.
 */
export async function openPersonBoxes(
  folder: string,
  { boxes, format, skipBad }: PersonBoxes,
  sidePx: number,
  progress: OpenProgress = {},
): Promise<UnlabelledPersons> {
  const { persons, faults, passedOver } = await surveyPersonBoxes(folder, boxes, format, progress);
  if (faults.length > 0 && !skipBad) {
    throw new ForelossError(`${boxes}: ${faultSummary(faults)}`, {
      hint: "Put them right, or leave these persons out with --skip-bad.",
    });
  }
  if (persons.length === 0) throw new ForelossError(`${boxes}: no box of a person in a picture of ${folder}`);
  const files = persons.map(({ picture, size, box }) => ({ file: path.join(folder, picture), label: { size, box } }));
  const ids = persons.map(({ id }) => id);
  const everyone = Uint32Array.from(persons.keys());
  const unlabelled = new Int32Array(persons.length).fill(-1);
  return {
    ...sourceSplit(personSource(files, sidePx, 0), everyone, ids, unlabelled),
    groups: persons.map(({ picture }) => picture),
    skipped: [...faults.map(faultLine), ...passedOver],
  };
}
