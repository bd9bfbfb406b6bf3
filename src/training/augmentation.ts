// How the batches of a training are changed at random: pictures and labels together, since boxes move with their picture.
import type { Random } from "../core/random.ts";
import { augment } from "../datasets/augment.ts";
import type { ImageSize } from "../datasets/dataset.ts";
import type { AugmentationRecipe } from "../records/recipe.ts";

export interface LabelledPictures {
  /** uint8 [batch, channels, height, width]. */
  readonly pictures: Uint8Array;
  /** One per picture. */
  readonly labels: readonly unknown[];
}

/** Gives new pictures and labels; all that is random comes from the stream. */
export type Augmenter = (batch: LabelledPictures, random: Random) => LabelledPictures;

export function augmenterFor(recipe: AugmentationRecipe, size: ImageSize): Augmenter {
  if (recipe.kind === "boxes") throw new RangeError("augmentation: boxes do not move yet");
  return ({ pictures, labels }, random) => {
    const changed = new Uint8Array(pictures.length);
    augment(pictures, changed, size, recipe, random);
    return { pictures: changed, labels };
  };
}
