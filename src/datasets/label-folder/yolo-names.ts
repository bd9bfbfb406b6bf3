// Where a YOLO folder says what its classes and splits are: data.yaml (Ultralytics), or classes.txt or *.names, one class
// per line (LabelImg, Label Studio, Darknet).
import { parseDocument } from "yaml";
import { z } from "zod";
import { ForelossError } from "../../core/errors.ts";
import { describeProblems } from "../../records/describe-problems.ts";
import { below, type FolderFiles, stepsOf } from "./folder-files.ts";

export interface YoloNames {
  readonly classNames: readonly string[];
  /** Name of each split with its folders and pictures, relative to the data folder; null where nothing names them. */
  readonly splits: ReadonlyMap<string, readonly string[]> | null;
  /** All that data.yaml says; null where there is none. */
  readonly yaml: YoloYaml | null;
}

export interface YoloYaml {
  readonly file: string;
  readonly value: unknown;
}

const places = z.union([z.string(), z.array(z.string())]).nullish();
const name = z.union([z.string(), z.number()]).transform(String);
const schema = z.looseObject({
  path: z.string().nullish(),
  train: places,
  val: places,
  valid: places,
  test: places,
  nc: z.number().nullish(),
  names: z.union([z.array(name), z.record(z.string(), name)]),
});
type DataYaml = z.output<typeof schema>;

/**
 * Undefined when nothing names classes; a `ForelossError` when pictures have labels, or when what names them is wrong. Splits
 * are not looked for where they are not wanted.
 */
export async function readYoloNames(
  files: FolderFiles,
  labelled: boolean,
  withSplits = true,
): Promise<YoloNames | undefined> {
  const yaml = await findYoloYaml(files);
  if (yaml !== undefined) return await fromYaml(files, yaml, withSplits);
  if (!labelled) return undefined;
  const list = files.all.find((file) => /(?:^|\/)(?:classes\.txt|[^/]*\.names)$/i.test(file));
  if (list !== undefined) return { classNames: await fromList(files, list), splits: null, yaml: null };
  throw new ForelossError(`${files.root}: text files lie beside the pictures, but nothing names their classes`, {
    hint: "YOLO labels hold numbers: put a data.yaml with names, or a classes.txt with one class per line, into the folder.",
  });
}

/** The first YAML file of the folder itself that has names; undefined where none has. */
export async function findYoloYaml(files: FolderFiles): Promise<{ file: string; text: string } | undefined> {
  for (const file of files.all.filter((name) => /\.ya?ml$/i.test(name) && !name.includes("/"))) {
    const text = await files.text(file);
    if (/^\s*["']?names["']?\s*:/m.test(text)) return { file, text };
  }
  return undefined;
}

async function fromList(files: FolderFiles, file: string): Promise<string[]> {
  const lines = (await files.text(file))
    .trimEnd()
    .split("\n")
    .map((line) => line.trim());
  return distinct(lines, file);
}

async function fromYaml(
  files: FolderFiles,
  { file, text }: { readonly file: string; readonly text: string },
  withSplits: boolean,
): Promise<YoloNames> {
  const yaml = { file, value: parseYaml(text, file) };
  const data = checkedYaml(schema, yaml);
  const classNames = distinct(namesOf(data, file), file);
  if (data.nc != null && data.nc !== classNames.length) {
    throw new ForelossError(`${file}: nc is ${data.nc}, but names has ${classNames.length}`);
  }
  return { classNames, splits: withSplits ? await splitsOf(files, data, file) : null, yaml };
}

async function splitsOf(files: FolderFiles, data: DataYaml, file: string): Promise<YoloNames["splits"]> {
  const splits = new Map<string, string[]>();
  for (const split of ["train", "val", "valid", "test"] as const) {
    const written = [data[split] ?? []].flat().filter((place) => place !== "");
    const found = await Promise.all(written.map((place) => findPlace(files, data.path ?? "", place, file)));
    if (written.length > 0) splits.set(split, found.flat());
  }
  return splits.size === 0 ? null : splits;
}

function parseYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split("\n").length;
    throw new ForelossError(`${file}:${line}: not YAML: ${error.message}`, { cause: error });
  }
  return document.toJS();
}

/** What data.yaml says, by a schema. Throws a `ForelossError` that names file and field. */
export function checkedYaml<T>(schema: z.ZodType<T>, { file, value }: YoloYaml): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ForelossError(
    describeProblems(schema, value, parsed.error)
      .map((line) => `${file}: ${line}`)
      .join("\n"),
  );
}

/** Names in the order of their numbers, which must be 0, 1, 2, ... */
function namesOf({ names }: DataYaml, file: string): string[] {
  if (Array.isArray(names)) return names;
  const numbers = Object.keys(names);
  return numbers.map((_, i) => {
    const found = names[i];
    if (found === undefined) throw new ForelossError(`${file}: names: no class ${i} among ${numbers.join(", ")}`);
    return found;
  });
}

function distinct(names: readonly string[], file: string): string[] {
  const wrong = names.find((name, i) => name === "" || names.indexOf(name) !== i);
  if (names.length === 0) throw new ForelossError(`${file}: no class names`);
  if (wrong === undefined) return [...names];
  throw new ForelossError(`${file}: ${wrong === "" ? "an empty class name" : `class "${wrong}" stands there twice`}`);
}

/**
 * What a split names: a folder, or a list of pictures in a text file. It is looked for below `path`, then below the folder
 * itself, then by ever shorter ends (`../train/images`, `/home/me/data/train/images`), since it was often right elsewhere only.
 */
async function findPlace(files: FolderFiles, base: string, written: string, file: string): Promise<string[]> {
  const steps = stepsOf(written);
  const ends = steps.map((_, first) => steps.slice(first).join("/"));
  for (const place of [[...stepsOf(base), ...steps].join("/"), ...ends, ...(steps.length === 0 ? [""] : [])]) {
    if (/\.txt$/i.test(place) && files.has(place)) return await listedPictures(files, place);
    if (files.pictures.some((picture) => picture.startsWith(below(place, "")))) return [place];
  }
  throw new ForelossError(
    `${file}: "${written}" is neither a folder with pictures nor a list of them below ${files.root}`,
  );
}

async function listedPictures(files: FolderFiles, list: string): Promise<string[]> {
  const lines = (await files.text(list)).split("\n").map((line) => line.trim());
  return lines.flatMap((line, i) => {
    if (line === "") return [];
    const found = files.meant(line, list);
    if (found.length === 1) return found;
    const what = found.length === 0 ? "there is no picture" : "several pictures fit";
    throw new ForelossError(`${list}:${i + 1}: ${what} "${line}"`);
  });
}
