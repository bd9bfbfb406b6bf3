// MPII annotations as JSON, in the two forms in common use: a list of persons with `joint_self`, `objpos`, `scale_provided`,
// `img_paths` and `isValidation` (both splits in one file), or with `joints`, `joints_vis`, `center`, `scale` and `image` (one
// file per split).

import { z } from "zod";
import { groupBy } from "../../core/group-by.ts";
import { describeProblems } from "../../records/describe-problems.ts";
import { parseJson } from "../../records/parse-json.ts";
import type { Fault } from "../label-folder/faults.ts";
import { type FolderFiles, whichPicture, withoutEnding } from "../label-folder/folder-files.ts";
import type { PersonContent, PersonSet, StatedPerson } from "./labelled-person.ts";
import { mpiiBox, mpiiJoint, mpiiJointNames } from "./mpii-persons.ts";

const count = mpiiJointNames.length;
const place = z.tuple([z.number(), z.number()]);
const selfSchema = z.looseObject({
  joint_self: z.array(z.tuple([z.number(), z.number(), z.number()])).length(count),
  objpos: place,
  scale_provided: z.number().positive(),
  img_paths: z.string().min(1),
  isValidation: z.union([z.literal([0, 1]), z.boolean()]),
});
const centerSchema = z.looseObject({
  joints: z.array(place).length(count),
  joints_vis: z.array(z.number()).length(count),
  center: place,
  scale: z.number().positive(),
  image: z.string().min(1),
});

/** The splits of every such file in a folder; none when there is no such file. */
export async function mpiiJsonSets(files: FolderFiles): Promise<PersonSet[]> {
  const sets: PersonSet[] = [];
  for (const file of files.all.filter((name) => /\.json$/i.test(name))) {
    const text = await files.text(file);
    if (!text.includes('"joint_self"') && !text.includes('"joints_vis"')) continue;
    const value = parseJson(text, file);
    const persons = Array.isArray(value) ? value : (value as { root?: unknown } | null)?.root;
    if (Array.isArray(persons)) sets.push(...setsOf(files, file, persons));
  }
  return sets;
}

interface Read {
  readonly split: string;
  /** As it is written. */
  readonly picture: string;
  readonly person: Omit<StatedPerson, "key">;
}

function setsOf(files: FolderFiles, file: string, values: readonly unknown[]): PersonSet[] {
  const faults: Fault[] = [];
  const persons = values.flatMap((value, i) => {
    const read = readPerson(value, `${file}: [${i}]`, file);
    if ("split" in read) return [read];
    faults.push(read);
    return [];
  });
  const splits = groupBy(persons, ({ split }) => split);
  if (splits.size === 0) splits.set("", []);
  // What cannot be read tells no split: it is listed with the first.
  return Array.from(splits, ([name, some], i) => ({
    name,
    read: async () => contentOf(files, file, some, i === 0 ? faults : []),
  }));
}

function readPerson(value: unknown, where: string, file: string): Read | Fault {
  const schema = typeof value === "object" && value !== null && "joints_vis" in value ? centerSchema : selfSchema;
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    return { kind: "malformed", where, what: describeProblems(schema, value, parsed.error).join("; ") };
  }
  const { data } = parsed;
  if ("joint_self" in data) {
    const { joint_self, objpos, scale_provided, img_paths, isValidation } = data as z.output<typeof selfSchema>;
    const joints = joint_self.map(([x, y, visible]) => mpiiJoint(x, y, visible > 0));
    const box = mpiiBox({ x: objpos[0], y: objpos[1] }, scale_provided);
    return { split: isValidation ? "val" : "train", picture: img_paths, person: { joints, box, where } };
  }
  const { joints, joints_vis, center, scale, image } = data as z.output<typeof centerSchema>;
  const box = mpiiBox({ x: center[0], y: center[1] }, scale);
  const read = joints.map(([x, y], j) => mpiiJoint(x, y, joints_vis[j]! > 0));
  return { split: withoutEnding(file), picture: image, person: { joints: read, box, where } };
}

/** Persons by picture, numbered from 1 in each. */
function contentOf(
  files: FolderFiles,
  file: string,
  persons: readonly Read[],
  earlier: readonly Fault[],
): PersonContent {
  const faults = [...earlier];
  const pictures = Array.from(
    groupBy(persons, ({ picture }) => picture),
    ([name, some]) => {
      const found = files.meant(name, file);
      const { where } = some[0]!.person;
      if (found.length !== 1) {
        faults.push(whichPicture(files, name, found, where));
        return [];
      }
      const numbered = some.map(({ person }, i) => ({ ...person, key: String(i + 1) }));
      return [{ id: found[0]!, where, size: null, unit: "pixels" as const, persons: numbered }];
    },
  );
  return { pictures: pictures.flat(), faults, passedOver: [] };
}
