// Pictures that stand in the labels twice: what they show would count twice, or be tested on after it was trained on.
import type { Fault } from "./faults.ts";

/** A fault for every mention after the first. */
export function repeatedPictures(pictures: readonly { readonly id: string; readonly where: string }[]): Fault[] {
  const first = new Map<string, string>();
  return pictures.flatMap(({ id, where }): Fault[] => {
    const before = first.get(id);
    first.set(id, before ?? where);
    if (before === undefined) return [];
    return [{ kind: "duplicate", where, what: `the picture ${id} stands there already (${before})`, id }];
  });
}
