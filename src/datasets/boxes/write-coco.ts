// COCO's JSON: the labels of a split in one file, or predictions in the form that COCO's evaluation reads.
import type { Box } from "../../core/labels.ts";
import type { WrittenPicture } from "./written-picture.ts";

/** What one file holds. Numbers of images, annotations and categories begin at 1, in the order given. */
export function cocoFile(pictures: readonly WrittenPicture[], classNames: readonly string[]) {
  let annotations = 0;
  return {
    images: pictures.map(({ name, size }, i) => ({ id: i + 1, file_name: name, ...size })),
    annotations: pictures.flatMap(({ objects }, i) =>
      objects.map((object) => ({
        id: ++annotations,
        image_id: i + 1,
        category_id: object.classIndex + 1,
        bbox: cornerAndSize(object),
        area: (object.right - object.left) * (object.bottom - object.top),
        iscrowd: Number(object.crowd ?? false),
        segmentation: [],
        ...(object.score === undefined ? {} : { score: object.score }),
      })),
    ),
    categories: classNames.map((name, i) => ({ id: i + 1, name, supercategory: "" })),
  };
}

/** A picture's predictions, each with its score. `imageId` is the id in the file of labels. */
export function cocoResults(imageId: number, { objects }: WrittenPicture) {
  return objects.map((object) => ({
    image_id: imageId,
    category_id: object.classIndex + 1,
    bbox: cornerAndSize(object),
    score: object.score ?? 1,
  }));
}

function cornerAndSize({ left, top, right, bottom }: Box): [number, number, number, number] {
  return [left, top, right - left, bottom - top];
}
