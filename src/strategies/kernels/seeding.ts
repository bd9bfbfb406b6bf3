// k-means++ seeding (Arthur and Vassilvitskii 2007, section 2.2): every next centre is drawn with a probability in
// proportion to its squared distance to the nearest centre so far, times a weight where there is one. The distance is
// the caller's, so that it can be that of gradients which are never written out.
import type { Random } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import type { ChoosingAddon, Share } from "../../native/addon.ts";
import { compiled, inShares } from "./compiled.ts";
import { drawWeighted } from "./draw.ts";
import type { Pace } from "./pace.ts";
import { squaredDistance } from "./rows.ts";

export interface Seeding {
  readonly items: number;
  /** Squared distance of two items; need not be exact from `enough` up. */
  readonly squaredDistance: (a: number, b: number, enough: number) => number;
  /** What one distance costs, in multiplications. */
  readonly costOfDistance: number;
  /** Compiled code that takes a new centre into the nearest distances of some items, where there is any. */
  readonly approach?: ((centre: number, nearest: Float64Array, share: Share) => Promise<void>) | undefined;
  /** Drawing in proportion to squared distance times this; 1 for every item where absent. */
  readonly weights?: Float64Array;
  /** The first centre; drawn as the others where absent. */
  readonly first?: number;
  /** Squared distance of every item to the nearest of the centres there are already; Infinity, and the same, where none. */
  readonly nearest?: Float64Array;
}

/**
 * `count` different items. When every item left is at a centre, or weighs nothing, the rest is drawn evenly.
 * O(items x count) distances, two numbers per item.
 */
export async function seed(seeding: Seeding, count: number, random: Random, pace: Pace): Promise<Uint32Array> {
  const { items, weights } = seeding;
  const nearest = seeding.nearest?.slice() ?? new Float64Array(items).fill(Infinity); // -1 for a centre
  const odds = new Float64Array(items);
  const picks = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < items; i++) {
      odds[i] = oddsOf(nearest[i]!) * (weights?.[i] ?? 1);
    }
    picks[k] = k === 0 && seeding.first !== undefined ? seeding.first : drawOne(odds, nearest, random);
    await takeIn(seeding, nearest, picks[k]!, pace);
  }
  return picks;
}

/** In proportion to the squared distance; the same for all while there is no centre. */
function oddsOf(squared: number): number {
  return squared === Infinity ? 1 : Math.max(0, squared);
}

/** By the odds; evenly among what is no centre when all odds are 0. */
function drawOne(odds: Float64Array, nearest: Float64Array, random: Random): number {
  const drawn = drawWeighted(odds, random);
  return drawn >= 0
    ? drawn
    : drawWeighted(
        nearest.map((distance) => (distance < 0 ? 0 : 1)),
        random,
      );
}

/** What `seed` needs for Euclidean distances of rows. `addon` is for tests. */
export function seedingOf(points: Matrix, addon: ChoosingAddon | undefined = compiled(points.values.length)): Seeding {
  const { rows: items, columns, values } = points;
  return {
    items,
    costOfDistance: columns,
    squaredDistance: (a, b, enough) => squaredDistance(values, a, values, b, columns, enough),
    approach: addon && ((centre, nearest, share) => addon.approachRow({ points, centre, nearest, ...share })),
  };
}

/** Takes a new centre into the nearest distances. */
async function takeIn(seeding: Seeding, nearest: Float64Array, centre: number, pace: Pace): Promise<void> {
  nearest[centre] = -1;
  const { items, costOfDistance, approach } = seeding;
  if (approach !== undefined) {
    await inShares(items, costOfDistance, (share) => approach(centre, nearest, share), pace.pause);
    return;
  }
  for (let i = 0; i < nearest.length; i++) {
    const distance = seeding.squaredDistance(i, centre, nearest[i]!);
    if (distance < nearest[i]!) nearest[i] = distance;
    if (pace.did(costOfDistance)) await pace.pause();
  }
}
