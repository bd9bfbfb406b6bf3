// YOLO's text labels and the data.yaml beside them. Shares of the picture have six decimals.
import { stringify } from "yaml";
import { ForelossError } from "../../core/errors.ts";
import type { WrittenObject, WrittenPicture } from "./written-picture.ts";

/** The text of one picture's label, a line per object; empty when there is none. A score is a sixth number. */
export function yoloText(picture: WrittenPicture): string {
  return picture.objects.map((object) => `${line(object, picture)}\n`).join("");
}

function line({ classIndex, left, top, right, bottom, score }: WrittenObject, { name, size }: WrittenPicture): string {
  const { width, height } = size;
  const shares = [
    (left + right) / 2 / width,
    (top + bottom) / 2 / height,
    (right - left) / width,
    (bottom - top) / height,
  ];
  const written = shares.map((share) => share.toFixed(6));
  if (Number(written[2]) === 0 || Number(written[3]) === 0) {
    throw new ForelossError(`${name}: a box of ${right - left} x ${bottom - top} pixels is nothing in six decimals`);
  }
  return [classIndex, ...written, ...(score === undefined ? [] : [score.toFixed(6)])].join(" ");
}

/**
 * `data.yaml` for the folders of pictures of each split, seen from itself: a `path` is looked for elsewhere by Ultralytics. In
 * YAML 1.1, which Python reads: a class "no" stands in quotes.
 */
export function yoloDataYaml(splits: Readonly<Record<string, string>>, classNames: readonly string[]): string {
  return stringify({ ...splits, names: classNames }, { version: "1.1" });
}
