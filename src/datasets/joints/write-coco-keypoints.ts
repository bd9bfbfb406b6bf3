// COCO's JSON for persons with joints: the labels of a split in one file, or predictions in the form that COCO's evaluation
// reads. One annotation per person; visibility stays as it is.
import type { Skeleton } from "../../core/skeleton.ts";
import type { PicturePersons, WrittenPerson } from "./written-person.ts";

/** What one file holds. Numbers of images and annotations begin at 1, in the order given; the category is person. */
export function cocoKeypointsFile(pictures: readonly PicturePersons[], { jointNames, bones }: Skeleton) {
  let annotations = 0;
  return {
    images: pictures.map(({ name, size }, i) => ({ id: i + 1, file_name: name, ...size })),
    annotations: pictures.flatMap(({ persons }, i) =>
      persons.map((person) => ({ id: ++annotations, image_id: i + 1, ...annotationOf(person) })),
    ),
    categories: [
      {
        ...{ id: 1, name: "person", supercategory: "person", keypoints: jointNames },
        skeleton: bones.map(([a, b]) => [a + 1, b + 1]),
      },
    ],
  };
}

function annotationOf({ joints, box, areaPx, score }: WrittenPerson) {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  return {
    category_id: 1,
    bbox: [box.left, box.top, width, height],
    area: areaPx ?? width * height,
    iscrowd: 0,
    segmentation: [],
    num_keypoints: joints.filter(({ visibility }) => visibility > 0).length,
    keypoints: joints.flatMap(({ x, y, visibility }) => (visibility === 0 ? [0, 0, 0] : [x, y, visibility])),
    ...(score === undefined ? {} : { score }),
  };
}

/** Predictions of one picture. `imageId` is the id in the file of labels; a prediction has a place for every joint. */
export function cocoKeypointResults(imageId: number, persons: readonly WrittenPerson[]) {
  return persons.map(({ joints, score }) => ({
    image_id: imageId,
    category_id: 1,
    keypoints: joints.flatMap(({ x, y }) => [x, y, 1]),
    score: score ?? 1,
  }));
}
