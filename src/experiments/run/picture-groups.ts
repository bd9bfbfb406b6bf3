// Which items of a run are labelled together: the persons of one picture, where the recipe has whole pictures labelled.
import type { Dataset } from "../../datasets/dataset.ts";
import type { GroupOf } from "../../loop/item-groups.ts";
import type { Recipe } from "../../records/recipe.ts";

/** Undefined where every item is labelled alone. */
export function pictureGroups(
  { labelling }: Pick<Recipe, "labelling">,
  { train }: Pick<Dataset<unknown>, "train">,
): GroupOf | undefined {
  if (!labelling.wholePictures) return undefined;
  const { ids, groups } = train;
  const groupById = new Map(ids.map((id, position) => [id, groups?.[position] ?? id]));
  return (id) => groupById.get(id) ?? id;
}
