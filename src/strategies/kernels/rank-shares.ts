// Scores made comparable: only their order is kept.
import { averageRanks } from "../../core/statistics.ts";

/** For every score its rank as a share of all, in (0, 1], the highest 1; equal scores share the average of their ranks. */
export function rankShares(scores: ArrayLike<number>): Float64Array {
  return averageRanks(scores).map((rank) => rank / scores.length);
}
