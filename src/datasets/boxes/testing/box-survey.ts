// For tests: what is read from a folder with boxes, in few words.
import { boxesSchema } from "../../../records/recipe-dataset.ts";
import { openDataset } from "../../open-dataset.ts";
import { type BoxesRecipe, type BoxPicture, type BoxSurvey, surveyBoxes } from "../survey-boxes.ts";

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
