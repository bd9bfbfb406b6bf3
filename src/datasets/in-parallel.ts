// Many small asynchronous tasks, a few at a time.

/** Calls `task` on every item, at most `limit` at once; outcomes in the items' order. The first failure ends it: no further task is begun. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const outcomes = new Array<R>(items.length);
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const index = next++;
      try {
        outcomes[index] = await task(items[index]!, index);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return outcomes;
}
