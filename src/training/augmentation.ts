// How the batches of a training are changed at random: pictures and labels together, since boxes and joints move with
// their picture.
import type { DetectionLabel, PoseLabel } from "../core/labels.ts";
import type { Random } from "../core/random.ts";
import { augment } from "../datasets/augment.ts";
import { augmentBoxes, type BoxAugmentation } from "../datasets/augment-boxes/augment-boxes.ts";
import { augmentPoses, type PoseAugmentation } from "../datasets/augment-poses.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { AugmentationRecipe } from "../records/recipe-training.ts";

export interface LabelledPictures {
  /** uint8 [batch, channels, height, width]. */
  readonly pictures: Uint8Array;
  /** One per picture. */
  readonly labels: readonly unknown[];
}

/** Gives new pictures and labels; all that is random comes from the stream. */
export type Augmenter = (batch: LabelledPictures, random: Random) => LabelledPictures;

/** What has to be known of the pictures. */
type Pictures = Pick<Dataset<unknown>, "imageSize" | "normalisation" | "skeleton">;

/** The labels are those of the recipe's task, which its check sees to. */
export function augmenterFor(recipe: AugmentationRecipe, pictures: Pictures): Augmenter {
  if (recipe.kind === "boxes") return boxAugmenter(recipe, pictures);
  if (recipe.kind === "persons") return poseAugmenter(recipe, pictures);
  return (batch, random) => {
    const changed = new Uint8Array(batch.pictures.length);
    augment(batch.pictures, changed, pictures.imageSize, recipe, random);
    return { pictures: changed, labels: batch.labels };
  };
}

/** Every picture by a stream of its own; what lies beyond a picture has the mean colour of the data set. */
function boxAugmenter(augmentation: BoxAugmentation, { imageSize, normalisation }: Pictures): Augmenter {
  const bytes = imageSize.channels * imageSize.height * imageSize.width;
  const fill = normalisation.mean.map((share) => Math.round(255 * share));
  return ({ pictures, labels }, random) => {
    const changed = new Uint8Array(pictures.length);
    const moved = labels.map((label, i) => {
      const [from, into] = [pictures, changed].map((all) => all.subarray(i * bytes, (i + 1) * bytes));
      return augmentBoxes(from!, into!, imageSize, label as DetectionLabel, augmentation, fill, random.stream(i));
    });
    return { pictures: changed, labels: moved };
  };
}

function poseAugmenter(augmentation: PoseAugmentation, { imageSize, skeleton }: Pictures): Augmenter {
  const crops = { sidePx: imageSize.width, mirrorOf: skeleton?.mirrorOf ?? [] };
  return ({ pictures, labels }, random) => {
    const changed = new Uint8Array(pictures.length);
    return {
      pictures: changed,
      labels: augmentPoses(pictures, changed, labels as readonly PoseLabel[], crops, augmentation, random),
    };
  };
}
