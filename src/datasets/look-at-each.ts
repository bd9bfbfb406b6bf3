// Looking at many pictures with their labels, several at a time, with progress and a way to stop.
import { stopIfAborted } from "../core/errors.ts";
import { checksAtOnce, type OpenProgress } from "./check-pictures.ts";
import { inParallel } from "./in-parallel.ts";

/** What `look` finds in each picture, in order; progress counts pictures. */
export async function lookAtEach<Picture, Found>(
  pictures: readonly Picture[],
  { onProgress, signal }: OpenProgress,
  look: (picture: Picture) => Promise<Found>,
): Promise<Found[]> {
  let done = 0;
  return await inParallel(pictures, checksAtOnce, async (picture) => {
    stopIfAborted(signal, `after looking at ${done} of ${pictures.length} pictures`);
    const found = await look(picture);
    onProgress?.(++done, pictures.length);
    return found;
  });
}
