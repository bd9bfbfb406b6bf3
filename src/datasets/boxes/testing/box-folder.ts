// For tests: a folder of plain pictures and label files, and what is read from it in few words.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import sharp from "sharp";
import { boxesSchema } from "../../../records/recipe.ts";
import { openDataset } from "../../open-dataset.ts";
import { type BoxesRecipe, type BoxPicture, type BoxSurvey, surveyBoxes } from "../survey-boxes.ts";

/** Text of label files, or width and height of pictures, by path. */
export type FolderContent = Readonly<Record<string, string | Uint8Array | readonly [width: number, height: number]>>;

/** Makes the folder; it is gone when the test is over. */
export async function boxFolder(t: TestContext, content: FolderContent): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), "foreloss-boxes-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  for (const [name, value] of Object.entries(content)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    const isSize = Array.isArray(value);
    await writeFile(path.join(root, name), isSize ? await plainPicture(value[0]!, value[1]!) : (value as string));
  }
  return root;
}

export function plainPicture(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: { r: 10, g: 200, b: 90 } } })
    .png()
    .toBuffer();
}

type Options = Partial<Omit<BoxesRecipe, "kind">>;

export function survey(root: string, options: Options = {}): Promise<BoxSurvey> {
  return surveyBoxes(root, boxesSchema.parse({ kind: "boxes", ...options }), {});
}

export function open(root: string | null, options: Options = {}) {
  return openDataset(boxesSchema.parse({ kind: "boxes", sidePx: 8, ...options }), { dataFolder: root });
}

/** `cat 1 2 30 40` per object, with its marks behind it, by picture. */
export function inWords({ classNames }: Pick<BoxSurvey, "classNames">, pictures: readonly BoxPicture[] | null) {
  const entries = (pictures ?? []).map(({ id, label }) => {
    const objects = label.objects.map(({ classIndex, left, top, right, bottom, ...marks }) =>
      [
        classNames[classIndex],
        ...[left, top, right, bottom].map((v) => Number(v.toFixed(4))),
        ...Object.keys(marks),
      ].join(" "),
    );
    return [id, objects] as const;
  });
  return Object.fromEntries(entries);
}

/** `kind where: what` of each fault. */
export function faultLines({ faults }: BoxSurvey): string[] {
  return faults.map(({ kind, where, what }) => `${kind} ${where}: ${what}`);
}
