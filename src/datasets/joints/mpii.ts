// A folder with joints as the MPII Human Pose data set has them (Andriluka et al. 2014): mpii_human_pose_v1_u12_1.mat, or the
// JSON files that are made of it. The training pictures have labels; the MAT-file knows no validation split.
import { ForelossError } from "../../core/errors.ts";
import { skeletonOf } from "../../core/skeleton.ts";
import type { Fault } from "../label-folder/faults.ts";
import { type FolderFiles, whichPicture } from "../label-folder/folder-files.ts";
import {
  countLine,
  noJoint,
  type PersonContent,
  type PersonPicture,
  type PersonSet,
  type PersonSets,
  type StatedPerson,
} from "./labelled-person.ts";
import { type MatValue, readMatFile } from "./mat-file.ts";
import { mpiiJsonSets } from "./mpii-json.ts";
import { mpiiBones, mpiiBox, mpiiJoint, mpiiJointNames } from "./mpii-persons.ts";

/** The labels of a folder in this format; undefined when neither form is there. JSON, where there is some, has the splits. */
export async function openMpii(files: FolderFiles): Promise<PersonSets | undefined> {
  const skeleton = skeletonOf(mpiiJointNames, mpiiBones, "MPII");
  const written = await mpiiJsonSets(files);
  if (written.length > 0) return { skeleton, sets: written };
  const mats = files.all.filter((file) => /(?:^|\/)mpii[^/]*\.mat$/i.test(file));
  const sets = mats.map(
    (file): PersonSet => ({
      name: "",
      read: async () => contentOf(files, file, readMatFile(await files.read(file), file)),
    }),
  );
  return sets.length === 0 ? undefined : { skeleton, sets };
}

type Struct = ReadonlyMap<string, MatValue>;

function contentOf(files: FolderFiles, file: string, variables: ReadonlyMap<string, MatValue>): PersonContent {
  const [release] = structsOf(variables.get("RELEASE"));
  const pictures = structsOf(release?.get("annolist"));
  const isTraining = release?.get("img_train");
  if (isTraining?.kind !== "numbers" || isTraining.values.length !== pictures.length) {
    throw new ForelossError(`${file}: needs RELEASE with annolist and img_train of equal lengths`);
  }
  const faults: Fault[] = [];
  const passed = { test: 0, empty: 0 };
  const read = pictures.flatMap((entry, i): PersonPicture[] => {
    const where = `${file}: annolist(${i + 1})`;
    if (isTraining.values[i] === 0) {
      passed.test++;
      return [];
    }
    const persons = structsOf(entry.get("annorect")).map((person, p) => statedPerson(person, p, where));
    const labelled = persons.filter((person) => person !== undefined);
    passed.empty += persons.length - labelled.length;
    const found = labelled.length === 0 ? undefined : pictureOf(files, entry, file, where);
    if (found === undefined) return [];
    if (typeof found === "string") return [{ id: found, where, size: null, unit: "pixels", persons: labelled }];
    faults.push(found);
    return [];
  });
  const passedOver = [
    ...countLine(file, passed.test, "test picture without labels", "test pictures without labels"),
    ...countLine(file, passed.empty, "person without joints", "persons without joints"),
  ];
  return { pictures: read, faults, passedOver };
}

function pictureOf(files: FolderFiles, entry: Struct, file: string, where: string): string | Fault {
  const name = structsOf(entry.get("image"))[0]?.get("name");
  if (name?.kind !== "text") return { kind: "malformed", where, what: "has no image.name" };
  const found = files.meant(name.text, file);
  return found.length === 1 ? found[0]! : whichPicture(files, name.text, found, where);
}

/** Undefined for a rectangle without joints: of some persons only the head is marked. */
function statedPerson(person: Struct, position: number, where: string): StatedPerson | undefined {
  const points = structsOf(structsOf(person.get("annopoints"))[0]?.get("point"));
  const [place] = structsOf(person.get("objpos"));
  const [scale, x, y] = [numberOf(person.get("scale")), numberOf(place?.get("x")), numberOf(place?.get("y"))];
  if (points.length === 0 || scale === undefined || x === undefined || y === undefined) return undefined;
  const joints = mpiiJointNames.map((_, id) => {
    const point = points.find((candidate) => numberOf(candidate.get("id")) === id);
    const [px, py] = [numberOf(point?.get("x")), numberOf(point?.get("y"))];
    return px === undefined || py === undefined ? noJoint : mpiiJoint(px, py, numberOf(point?.get("is_visible")) !== 0);
  });
  const headPx = headOf(person);
  return {
    ...{ key: String(position + 1), joints, box: mpiiBox({ x, y }, scale) },
    ...{ where: `${where}.annorect(${position + 1})`, ...(headPx === undefined ? {} : { headPx }) },
  };
}

/** The length that MPII's own evaluation takes: 0.6 of the diagonal of the head's rectangle. */
function headOf(person: Struct): number | undefined {
  const corners = ["x1", "y1", "x2", "y2"].map((name) => numberOf(person.get(name)));
  if (corners.some((value) => value === undefined)) return undefined;
  const [x1, y1, x2, y2] = corners as [number, number, number, number];
  return 0.6 * Math.hypot(x2 - x1, y2 - y1);
}

function structsOf(value: MatValue | undefined): readonly Struct[] {
  return value?.kind === "structs" ? value.structs : [];
}

/** A lone number, also where it is written as a text: some visibilities are. */
function numberOf(value: MatValue | undefined): number | undefined {
  if (value?.kind === "numbers" && value.values.length === 1) return value.values[0];
  return value?.kind === "text" && /^\d+$/.test(value.text) ? Number(value.text) : undefined;
}
