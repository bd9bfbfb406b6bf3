// A folder with joints as YOLO has them (Ultralytics' pose format): one text file per picture, one line per person: number of
// the class from 0, the box as centre and size, then x, y and, where data.yaml says so, visibility of every joint; all places
// are shares of the picture.
import type { Box, Joint } from "../../core/labels.ts";
import type { Fault } from "../label-folder/faults.ts";
import type { FolderFiles } from "../label-folder/folder-files.ts";
import type { LabelContent } from "../label-folder/label-content.ts";
import { type YoloLine, type YoloPicture, yoloSets } from "../label-folder/yolo-folder.ts";
import { yoloBox, yoloNumbers } from "../label-folder/yolo-line.ts";
import { findYoloYaml, readYoloNames } from "../label-folder/yolo-names.ts";
import { jointsOf, visibilityFault } from "./joint-triples.ts";
import { countLine, type PersonContent, type PersonPicture, type PersonSets } from "./labelled-person.ts";
import { readYoloJoints, type YoloJoints } from "./yolo-joints.ts";

interface PersonLine {
  readonly key: string;
  readonly box: Box;
  readonly joints: readonly Joint[];
}

/** The labels of a folder in this format; undefined when no data.yaml has a kpt_shape. */
export async function openYoloPose(files: FolderFiles): Promise<PersonSets | undefined> {
  const found = await findYoloYaml(files);
  if (found === undefined || !/^\s*["']?kpt_shape["']?\s*:/m.test(found.text)) return undefined;
  const names = await readYoloNames(files, false);
  if (names?.yaml == null) return undefined;
  const { file } = names.yaml;
  const joints = readYoloJoints(names.yaml);
  const together = takenTogether(names.classNames, file);
  const sets = yoloSets(files, names, (line) => readPerson(line, names.classNames, joints));
  return {
    skeleton: joints.skeleton,
    sets: sets.map(({ name, read }, i) => ({
      name,
      read: async () => {
        const content = contentOf(await read(), name === "" ? file : `${file}, ${name}`);
        return i === 0 ? { ...content, passedOver: [...together, ...content.passedOver] } : content;
      },
    })),
  };
}

/** An item has joints and no class. */
function takenTogether(classNames: readonly string[], file: string): string[] {
  return classNames.length === 1 ? [] : [`${file}: ${classNames.join(", ")}: classes that are not told apart`];
}

function readPerson(
  { number, words }: YoloLine,
  classNames: readonly string[],
  { skeleton: { jointNames }, dimensions }: YoloJoints,
): PersonLine | Pick<Fault, "kind" | "what"> {
  const numbers = yoloNumbers(words);
  if ("what" in numbers) return numbers;
  const columns = 5 + dimensions * jointNames.length;
  if (numbers.length !== columns) {
    const each = dimensions === 3 ? "x, y and visibility" : "x and y";
    const needed = `a person has ${columns}: class, box, ${each} of ${jointNames.length} joints`;
    return { kind: "malformed", what: `${numbers.length} numbers; ${needed}` };
  }
  const triples = triplesOf(numbers.slice(5), dimensions);
  const outer = yoloBox(numbers, classNames);
  const wrong = "what" in outer ? outer : visibilityFault(triples, jointNames);
  if ("what" in outer || wrong !== undefined) return wrong!;
  return { key: String(number), box: outer.box, joints: jointsOf(triples) };
}

/** Without a visibility a joint at 0, 0 has no label, and every other counts as visible. */
function triplesOf(numbers: readonly number[], dimensions: 2 | 3): readonly number[] {
  if (dimensions === 3) return numbers;
  return Array.from({ length: numbers.length / 2 }, (_, j) => {
    const [x, y] = numbers.slice(2 * j, 2 * j + 2) as [number, number];
    return [x, y, x === 0 && y === 0 ? 0 : 2];
  }).flat();
}

function contentOf(content: LabelContent<YoloPicture<PersonLine>>, where: string): PersonContent {
  const read = content.pictures.map(({ entries, ...picture }): PersonPicture => {
    const persons = entries.filter(({ joints }) => joints.some(({ visibility }) => visibility > 0));
    return { ...picture, size: null, unit: "shares", persons };
  });
  const lines = content.pictures.reduce((sum, { entries }) => sum + entries.length, 0);
  const pictures = read.filter(({ persons }) => persons.length > 0);
  const persons = pictures.reduce((sum, picture) => sum + picture.persons.length, 0);
  const without = "without a labelled joint";
  return {
    pictures,
    faults: content.faults,
    passedOver: [
      ...content.unlabelled.map((id) => `${id}: no label`),
      ...countLine(where, lines - persons, `person ${without}`, `persons ${without}`),
      ...countLine(where, read.length - pictures.length, "picture without a person", "pictures without a person"),
    ],
  };
}
