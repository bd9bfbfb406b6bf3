// Values by what they have in common.

/** The values by key, keys in the order in which they first come; `Map.groupBy` of newer runtimes. */
export function groupBy<T, Key>(values: Iterable<T>, key: (value: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const value of values) {
    const own = key(value);
    const group = groups.get(own);
    if (group === undefined) groups.set(own, [value]);
    else group.push(value);
  }
  return groups;
}
