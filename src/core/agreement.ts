// How far two raters agree beyond what chance would make them: here two models that decide about the same items.

/**
 * Cohen's kappa of two lists of categories (Cohen 1960): 1 is agreement on every item, 0 what two raters with the same
 * habits reach by chance, below 0 less than that. Null where it is not defined: no items, or both name one and the same
 * category throughout, so that they could not have differed. Throws a RangeError for lists of different lengths.
 */
export function cohensKappa(left: ArrayLike<number>, right: ArrayLike<number>): number | null {
  if (left.length !== right.length) throw new RangeError(`cohensKappa: ${left.length} items against ${right.length}`);
  const count = left.length;
  const [inLeft, inRight] = [frequencies(left), frequencies(right)];
  let agreed = 0;
  for (let i = 0; i < count; i++) if (left[i] === right[i]) agreed++;
  let chance = 0; // times count^2, so that it stays a whole number
  for (const [category, times] of inLeft) chance += times * (inRight.get(category) ?? 0);
  const possible = count * count - chance;
  return possible === 0 ? null : (agreed * count - chance) / possible;
}

function frequencies(values: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < values.length; i++) counts.set(values[i]!, (counts.get(values[i]!) ?? 0) + 1);
  return counts;
}
