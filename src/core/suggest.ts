// "Did you mean": the nearest right name for a mistyped one.
import { distance } from "fastest-levenshtein";

/** The candidate nearest to `name` by edit distance, or undefined when none is near (more than a third plus one letters off). */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.floor(name.length / 3) + 2;
  for (const candidate of candidates) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** `; did you mean "x"?` for the nearest candidate, else the list of what is allowed. To be put at the end of a message. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const all = [...candidates];
  const near = nearest(name, all);
  return near === undefined ? `; allowed: ${all.join(", ")}` : `; did you mean "${near}"?`;
}
